import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Agent, expect, test, Visitor } from '../people.ts';

test.use({ chat: { engine: 'knowledge', answer_pace: '10ms' } });

const out = join(import.meta.dirname, '..', 'out');
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const words = {
  zh: { ask: '怎么申请退货', far: '火星上的天气怎么样', sure: '抱歉', tried: '退货邮费是谁出', try: '试一试' },
  en: { ask: 'How do I return an item?', far: 'What is the weather on Mars?', sure: 'Sorry', tried: 'who pays to send it back', try: 'Try it' },
};

// As screens.spec.ts: for people to look at.
for (const locale of ['en-US', 'zh-CN'] as const) {
  test(`screens of answers and knowledge, ${locale}`, async ({ browser, server }) => {
    test.slow();
    const lang = locale.slice(0, 2) as 'en' | 'zh';
    const { ask, far, sure, tried } = words[lang];
    const agent = await Agent.signedIn(browser, server);
    const visitor = await Visitor.atChatPage(browser, server);
    await visitor.write(ask);
    await expect(visitor.log.getByRole('list', { name: 'Sources' })).toBeVisible();
    await visitor.write(far);
    await visitor.sees(sure);
    await agent.opens('Bot', sure);
    const chat = agent.page.url();
    const [visitorState, agentState] = await Promise.all([visitor.page.context().storageState(), agent.page.context().storageState()]);
    for (const origin of agentState.origins) origin.localStorage = origin.localStorage.filter(({ name }) => !/lang|theme/.test(name));

    for (const [size, screen] of Object.entries({ desktop, phone })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const shot = async (page: Page, name: string) => {
          await page.screenshot({ path: join(out, `${name}-${size}-${colorScheme}-${lang}.png`), animations: 'disabled' });
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect.soft(wider, `${name} ${size} is not wider than its screen`).toBeLessThanOrEqual(0);
        };
        const how = { ...screen, colorScheme, locale };
        const talking = await (await browser.newContext({ ...how, storageState: visitorState })).newPage();
        await talking.goto(`${server.url}/chat/${server.site}`);
        await expect(talking.getByRole('article').filter({ hasText: sure })).toBeVisible();
        await shot(talking, 'chat-answers');
        await talking.context().close();

        const desk = await (await browser.newContext({ ...how, storageState: agentState })).newPage();
        await desk.goto(chat);
        await expect(desk.getByRole('article').filter({ hasText: sure })).toBeVisible();
        await shot(desk, 'workbench-answers');
        await desk.goto(`${server.url}/knowledge`);
        const entries = desk.locator('.entry');
        await expect(entries.first()).toBeVisible();
        if (size === 'phone') await desk.getByRole('button', { name: words[lang].try }).click();
        await desk.locator('#try').fill(tried);
        await desk.keyboard.press('Enter');
        await expect(desk.locator('.hit').first()).toBeVisible();
        await shot(desk, 'workbench-knowledge');
        await desk.locator('.entry').first().click();
        await expect(desk.getByRole('dialog')).toBeVisible();
        await shot(desk, 'workbench-entry');
        await desk.context().close();
      }
    }
  });
}
