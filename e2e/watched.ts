import type { BrowserContext, Page } from '@playwright/test';

/** Records every dialog, every call of `ran` and every script that the policy had to stop, in pages loaded from now on. */
export async function watched(context: BrowserContext): Promise<(page: Page) => Promise<string[]>> {
  const dialogs: string[] = [];
  context.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await context.addInitScript(() => {
    const ran: string[] = [];
    Object.assign(window, { ran });
    document.addEventListener('securitypolicyviolation', (event) => {
      if (event.effectiveDirective.startsWith('script')) ran.push(`stopped: ${event.effectiveDirective}`);
    });
  });
  return async (page) => [...dialogs, ...(await page.evaluate(() => (window as unknown as { ran: string[] }).ran))];
}
