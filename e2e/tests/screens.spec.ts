import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Agent, expect, test, Visitor } from '../people.ts';

const out = join(import.meta.dirname, '..', 'out');
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

// Pictures for people to look at; what a machine can say of them is that nothing is wider than the screen.
for (const locale of ['en-US', 'zh-CN'] as const) {
  test(`screens, ${locale}`, async ({ browser, server }) => {
    test.slow();
    const lang = locale.slice(0, 2);
    await server.admin('operator', server.login);
    const agent = await Agent.signedIn(browser, server);
    const visitor = await Visitor.atChatPage(browser, server);
    await visitor.write(lang === 'zh' ? '你好，我想退货 #1' : 'Hello, I would like to return a lamp #1');
    await agent.accept('#1');
    await agent.reply(lang === 'zh' ? '好的，请把订单号发给我。 #2' : 'Of course. What is the number of your order? #2');
    await visitor.sees('#2');
    await agent.note(lang === 'zh' ? '老客户 #3' : 'A customer of many years #3');
    await agent.sees('#3');
    const chat = agent.page.url();
    const [visitorState, agentState] = await Promise.all([visitor.page.context().storageState(), agent.page.context().storageState()]);
    // The language that the workbench remembers must not win over the browser's.
    for (const { localStorage } of agentState.origins) {
      const kept = localStorage.filter(({ name }) => !/lang|theme/.test(name));
      localStorage.splice(0, localStorage.length, ...kept);
    }

    const waiting = await Visitor.atChatPage(browser, server);
    for (const [size, screen] of Object.entries({ desktop, phone })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const shot = async (page: Page, name: string) => {
          await page.screenshot({ path: join(out, `${name}-${size}-${colorScheme}-${lang}.png`), animations: 'disabled' });
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect.soft(wider, `${name} ${size} is not wider than its screen`).toBeLessThanOrEqual(0);
        };
        const how = { ...screen, colorScheme, locale };

        const fresh = await (await browser.newContext(how)).newPage();
        await fresh.goto(`${server.url}/chat/${server.site}`);
        await expect(fresh.getByRole('listitem')).toHaveCount(3);
        await shot(fresh, 'chat-welcome');
        await fresh.goto(`${server.url}/demo`);
        await fresh.locator('#macaw-widget').getByRole('button').first().click();
        await expect(fresh.getByRole('dialog').locator('iframe').contentFrame().getByRole('listitem')).toHaveCount(3);
        await shot(fresh, 'demo-open');
        await fresh.goto(`${server.url}/sign-in`);
        await expect(fresh.getByRole('heading', { level: 1 })).toBeVisible();
        await shot(fresh, 'sign-in');
        await fresh.context().close();

        const talking = await (await browser.newContext({ ...how, storageState: visitorState })).newPage();
        await talking.goto(`${server.url}/chat/${server.site}`);
        await expect(talking.getByRole('article').filter({ hasText: '#2' })).toBeVisible();
        await shot(talking, 'chat');
        await talking.context().close();

        const desk = await (await browser.newContext({ ...how, storageState: agentState })).newPage();
        await desk.goto(chat);
        await expect(desk.getByRole('log').getByRole('article').filter({ hasText: '#3' })).toBeVisible();
        await expect(desk.locator('html')).toHaveAttribute('lang', lang === 'zh' ? 'zh-CN' : 'en');
        await shot(desk, 'workbench-chat');
        await desk.goto(`${server.url}/`);
        await expect(desk.getByRole('tab')).toHaveCount(5);
        await shot(desk, 'workbench-home');
        const filled = {
          members: desk.getByText(server.login),
          sites: desk.getByText('data-site'),
          sessions: desk.getByText(/Mozilla|Chrom/),
          settings: desk.getByRole('combobox'),
          'first-steps': desk.getByRole('img').and(desk.locator('.progress')),
          tenants: desk.getByRole('article'),
        };
        for (const [name, sign] of Object.entries(filled)) {
          await desk.goto(`${server.url}/${name}`);
          await expect(desk.getByRole('heading', { level: 1 })).toBeVisible();
          await expect(sign.first()).toBeVisible();
          await shot(desk, `workbench-${name}`);
        }
        await desk.context().close();
      }
    }
    await waiting.write('ring #4');
    await expect(agent.offer).toContainText('ring #4');
    await agent.page.screenshot({ path: join(out, `workbench-offer-desktop-light-${lang}.png`) });
  });
}
