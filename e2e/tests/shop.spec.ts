import { Agent, expect, test, Visitor } from '../people.ts';

test('a shop page loads the widget and keeps what the visitor wrote', async ({ browser, server }) => {
  const site = (await (await fetch(`${server.url}/api/v1/visitor/site/${server.site}?lang=en`)).json()) as {
    greeting: string;
    suggestions: string[];
  };
  const agent = await Agent.signedIn(browser, server);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/demo`);
  await page.getByRole('button', { name: 'Open chat' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  const visitor = new Visitor(page, dialog.locator('iframe').contentFrame());
  await expect(visitor.root.getByRole('heading', { name: site.greeting })).toBeVisible();
  const chips = visitor.root.getByRole('region', { name: 'You may want to ask' }).getByRole('button');
  await expect(chips).toHaveText(site.suggestions);

  await visitor.write('Is the lamp in stock? #1');
  await visitor.sees('Is the lamp in stock? #1');
  await expect(agent.offer).toContainText('Is the lamp in stock? #1');

  await page.reload();
  await page.getByRole('button', { name: /^Open chat/ }).click();
  await visitor.sees('Is the lamp in stock? #1');
  await expect(visitor.log.getByRole('article').filter({ hasText: /#\d/ })).toHaveCount(1);
});

test('a tapped suggestion is a message', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  const chip = visitor.page.getByRole('region', { name: 'You may want to ask' }).getByRole('button').nth(1);
  const text = (await chip.innerText()).trim();
  await chip.click();
  await visitor.sees(text);
  await agent.accept(text);
  await agent.sees(text);
});

test('two tabs of a visitor show each message once', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const first = await Visitor.atChatPage(browser, server);
  const page = await first.page.context().newPage();
  await page.goto(first.page.url());
  const second = new Visitor(page);
  await expect(second.box).toBeVisible();

  await first.write('from the first tab #1');
  await second.sees('from the first tab #1');
  await second.write('from the second tab #2');
  await first.sees('from the second tab #2');
  await agent.accept('#2');
  await agent.reply('to both tabs #3');
  for (const tab of [first, second]) {
    await tab.sees('to both tabs #3');
    await expect(tab.log.getByRole('article').filter({ hasText: /#\d/ })).toHaveCount(3);
    await tab.page.reload();
    for (const text of ['from the first tab #1', 'from the second tab #2', 'to both tabs #3']) await tab.sees(text);
  }
  await expect(agent.log.getByRole('article').filter({ hasText: /#\d/ })).toHaveCount(3);
});

test('on a phone the chat page has its composer in view and sends', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const visitor = await Visitor.atChatPage(browser, server, phone);
  await expect(visitor.box).toBeInViewport({ ratio: 1 });
  await expect(visitor.send).toBeInViewport({ ratio: 1 });
  await visitor.box.tap();
  await visitor.box.fill('from a phone #1');
  await visitor.send.tap();
  await visitor.sees('from a phone #1');
  await expect(visitor.box).toBeInViewport({ ratio: 1 });
  const wider = await visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wider, 'nothing is wider than the phone').toBeLessThanOrEqual(0);
  await agent.accept('from a phone #1');
  await agent.reply('to a phone #2');
  await visitor.sees('to a phone #2');
  await expect(visitor.message('to a phone #2')).toBeInViewport();
});
