import type { FirstSteps } from '@macaw/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { lang } from '../src/i18n/index.ts';
import { snippetOf } from '../src/logic/snippet.ts';
import StepsPage from '../src/pages/StepsPage.vue';
import { answering, mount, settled } from './mount.ts';

const kinds = ['site', 'snippet', 'seen', 'knowledge', 'first_answer', 'colleague'] as const;
const site = { id: 's1', name: 'Shop', snippet: '<script async src="/widget.js" data-site="s1"></script>' };
let seen: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  lang.value = 'en';
  seen = false;
});

function start() {
  const steps = (): FirstSteps => ({
    steps: kinds.map((kind, i) => ({
      kind,
      done: i < 2 || (kind === 'seen' && seen),
      at: 1_700_000_000_000,
    })),
  });
  const calls = answering({
    'GET /api/v1/first-steps': () => ({ body: steps() }),
    'GET /api/v1/sites': () => ({ body: [site] }),
  });
  const page = { template: '<div />' };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: page }],
  });
  const root = mount(StepsPage, {}, router);
  return { root, calls };
}

test('the next step is named, and each step leads to its page', async () => {
  const { root } = start();
  await settled();
  expect(root.querySelector('[aria-current=step] h3')?.textContent).toContain('See it on your page');
  const links = [...root.querySelectorAll('a')].map((a) => a.getAttribute('href'));
  expect(links).toEqual(['/sites', '/sites', '/sites', '/knowledge', '/chat/s1', '/members']);
});

test('what was seen on the page turns green without a reload', async () => {
  const { root, calls } = start();
  await settled();
  expect(root.querySelectorAll('li.done')).toHaveLength(2);
  seen = true;
  await vi.advanceTimersByTimeAsync(6000);
  await settled();
  expect(root.querySelectorAll('li.done')).toHaveLength(3);
  expect(calls.filter((c) => c.path.endsWith('first-steps'))).toHaveLength(2);
});

test('the snippet names the address of this installation', () => {
  expect(snippetOf(site, 'https://chat.example')).toContain('src="https://chat.example/widget.js"');
});
