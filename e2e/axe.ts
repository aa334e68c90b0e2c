import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical faults of every frame of the page, after its motion has ended. */
export async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const frame of page.frames()) {
    await frame.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((a) => a.effect?.getComputedTiming().endTime !== Infinity)
          .map((a) => a.finished.catch(() => {})),
      ),
    );
    await frame.evaluate(source);
    const { violations } = await frame.evaluate<AxeResults>(
      () => (window as unknown as { axe: { run: (at: Document, how: object) => Promise<never> } }).axe.run(document, { iframes: false, resultTypes: ['violations'] }),
    );
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      for (const node of nodes) found.push(`${new URL(frame.url()).pathname} ${id}: ${node.html} ${node.failureSummary}`);
    }
  }
  return found;
}
