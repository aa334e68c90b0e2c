import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { FakeEngine } from '../engine.ts';
import { Agent, expect, test } from '../people.ts';

test.use({ chat: { engine: 'knowledge' }, env: { MACAW__AI__ALLOW_NETWORKS: '["127.0.0.0/8"]' } });

const out = join(import.meta.dirname, '..', 'out');
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const words = {
  zh: { test: '测试', edit: '编辑', add: '添加引擎', question: '访客的问题', look: '查看', given: '回答正常' },
  en: { test: 'Test', edit: 'Edit', add: 'Add an engine', question: 'A visitor’s question', look: 'Look', given: 'It answers' },
};
const RULES = `rules:
  - name: returns
    pattern: "退货|return"
    ai_engine: shop
    chain: [knowledge]
  - pattern: "订单.{0,9}物流"
    ai_engine: nobody
    params: {model: fast}
  - pattern: "投诉"
    handoff: true
`;

// As screens.spec.ts: for people to look at.
for (const locale of ['en-US', 'zh-CN'] as const) {
  test(`screens of engines and rules, ${locale}`, async ({ browser, server }) => {
    test.slow();
    const lang = locale.slice(0, 2) as 'en' | 'zh';
    const say = words[lang];
    const engine = await new FakeEngine(['签收后七天内可以退货，', '运费由我们承担。']).start();
    const owner = await Agent.signedIn(browser, server);
    const put = async (method: 'post' | 'put', path: string, data: object) => {
      const done = await owner.page.request[method](`${server.url}/api/v1/${path}`, { headers: { 'X-Macaw': '1' }, data });
      expect(done.ok(), await done.text()).toBe(true);
    };
    const settings = { url: engine.url, model: 'm' };
    await put('post', 'engines', { name: 'shop', kind: 'openai', settings, secrets: { key: 'k' } });
    await put('post', 'engines', { name: 'dify-after-sales', kind: 'dify', settings: {}, secrets: { key: 'k' }, enabled: false });
    await put('put', 'routing', { version: 0, text: 'rules: []' });
    await put('put', 'routing', { version: 1, text: RULES });
    const storageState = await owner.page.context().storageState();
    for (const origin of storageState.origins) origin.localStorage = origin.localStorage.filter(({ name }) => !/lang|theme/.test(name));

    for (const [size, screen] of Object.entries({ desktop, phone })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const shot = async (page: Page, name: string) => {
          await page.screenshot({ path: join(out, `${name}-${size}-${colorScheme}-${lang}.png`), animations: 'disabled' });
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect.soft(wider, `${name} ${size} is not wider than its screen`).toBeLessThanOrEqual(0);
        };
        const desk = await (await browser.newContext({ ...screen, colorScheme, locale, storageState })).newPage();
        await desk.goto(`${server.url}/engines`);
        const card = desk.getByRole('listitem').filter({ hasText: 'shop' });
        await card.getByRole('button', { name: say.test }).click();
        await expect(card.getByText(say.given)).toBeVisible();
        await shot(desk, 'workbench-engines');
        await card.getByRole('button', { name: say.edit }).click();
        await expect(desk.getByRole('dialog')).toBeVisible();
        await shot(desk, 'workbench-engine');
        await desk.goto(`${server.url}/routing`);
        await desk.getByLabel(say.question).fill('订单的物流到哪了');
        await desk.getByRole('button', { name: say.look, exact: true }).first().click();
        await expect(desk.getByRole('status').filter({ hasText: 'nobody' })).toBeVisible();
        await shot(desk, 'workbench-routing');
        if (size === 'phone') await desk.screenshot({ path: join(out, `workbench-routing-long-${size}-${colorScheme}-${lang}.png`), fullPage: true });
        await desk.goto(`${server.url}/sites`);
        await expect(desk.locator('select').first()).toBeVisible();
        await shot(desk, 'workbench-sites');
        await desk.context().close();
      }
    }
    await engine.kill();
  });
}
