import type { BrowserContext } from '@playwright/test';
import { Agent, expect, hasInOrder, test, Visitor } from '../people.ts';

/** A network, a proxy of a company say, in which no WebSocket ever opens. */
async function withoutSockets(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    class Broken extends EventTarget {
      readyState = 0;
      onclose: ((event: { code: number; reason: string }) => void) | null = null;
      constructor() {
        super();
        setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 20);
      }
      send() {}
      close() {}
    }
    const { WebSocket } = window;
    Object.assign(window, { WebSocket: Broken, heal: () => Object.assign(window, { WebSocket }) });
  });
}

test('where no WebSocket opens, the conversation goes on over HTTP', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const context = await browser.newContext();
  await withoutSockets(context);
  const page = await context.newPage();
  await page.goto(`${server.url}/chat/${server.site}`);
  const visitor = new Visitor(page);
  await visitor.write('over a proxy #1');
  await visitor.sees('over a proxy #1');
  await agent.accept('over a proxy #1');
  await expect(page.getByText('Messages still go through')).toBeVisible();
  await agent.reply('it arrives #2');
  await visitor.sees('it arrives #2');
  await expect(visitor.status).toHaveText(/^You are talking to /);
  await visitor.write('thank you #3');
  await agent.sees('thank you #3');
  await expect(visitor.message('thank you #3')).toContainText('Sent');

  // The network gets better: the socket takes over, and nothing was lost or doubled.
  await page.evaluate(() => {
    (window as unknown as { heal: () => void }).heal();
    window.dispatchEvent(new Event('online'));
  });
  await expect(page.getByText('Messages still go through')).toBeHidden();
  await agent.reply('now at once #4');
  const told = ['over a proxy #1', 'it arrives #2', 'thank you #3', 'now at once #4'];
  await hasInOrder(visitor.log, told);
  await hasInOrder(agent.log, told);
  await page.reload();
  await hasInOrder(visitor.log, told);
});

test('what is written before the page has a session is sent with it', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const context = await browser.newContext();
  const page = await context.newPage();
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  await page.route('**/api/v1/visitor/session', async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(`${server.url}/chat/${server.site}`);
  const visitor = new Visitor(page);
  await visitor.write('the first word #1');
  await visitor.write('and the second #2');
  await hasInOrder(visitor.log, ['the first word #1', 'and the second #2']);
  open();
  await agent.accept('and the second #2');
  await hasInOrder(agent.log, ['the first word #1', 'and the second #2']);
  await page.reload();
  await hasInOrder(visitor.log, ['the first word #1', 'and the second #2']);
});

test('offline and back: the visitor is told, and nothing is lost', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('before #1');
  await agent.accept('before #1');
  await visitor.page.context().setOffline(true);
  await visitor.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await visitor.write('in a tunnel #2');
  await expect(visitor.page.getByText('You are offline')).toBeVisible();
  await agent.reply('meanwhile #3');
  await visitor.page.context().setOffline(false);
  await agent.sees('in a tunnel #2');
  await visitor.sees('meanwhile #3');
  await expect(visitor.page.getByText('You are offline')).toBeHidden();
  await visitor.page.reload();
  await hasInOrder(visitor.log, ['before #1', 'meanwhile #3', 'in a tunnel #2']);
});
