import { faults } from '../axe.ts';
import { FakeEngine } from '../engine.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

test.use({ chat: { engine: 'knowledge' }, env: { MACAW__AI__ALLOW_NETWORKS: '["127.0.0.0/8"]' } });

const KEY = 'canary-key-of-the-shop';
const PIECES = ['您的退货', '已经登记，', '请在七天内', '把包裹寄到', '我们的仓库，', '运费由我们', '承担。'];
const RULES = `rules:
  - name: returns
    pattern: "退货"
    ai_engine: shop
    chain: [knowledge]
  - name: refunds
    pattern: "保修"
    ai_engine: shop
default:
  ai_engine: knowledge
`;

test('an engine is configured, routed to, watched, taken over from, and its death ends at the chain and at a person', async ({ browser, server }) => {
  test.slow();
  const engine = await new FakeEngine(PIECES).start();
  const agent = await Agent.signedIn(browser, server);
  const { page } = agent;

  await test.step('a manager adds an engine, and sees at once that it answers', async () => {
    await agent.goTo('AI engines');
    await page.getByRole('button', { name: 'Add an engine' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('shop');
    await form.getByRole('button', { name: 'Save and test' }).click();
    await expect(form.getByText('This must not be empty').first()).toBeVisible();
    expect.soft(await faults(page), 'a form with faults').toEqual([]);
    await form.getByLabel('Address').fill('http://127.0.0.1:1');
    await form.getByLabel('Model').fill('m');
    await form.getByLabel('Key', { exact: true }).fill(KEY);
    await form.getByRole('button', { name: 'Save and test' }).click();
    await expect(form).toBeHidden();
    const card = page.getByRole('listitem').filter({ hasText: 'shop' });
    await expect(card.getByText('No connection: the address is refused')).toBeVisible();

    await card.getByRole('button', { name: 'Edit' }).click();
    await form.getByLabel('Address').fill(engine.url);
    await form.getByRole('button', { name: 'Save and test' }).click();
    await expect(form.getByText('The address changed: enter it again')).toBeVisible();
    await form.getByLabel('Key', { exact: true }).fill(KEY);
    await form.getByRole('button', { name: 'Save and test' }).click();
    await expect(form).toBeHidden();
    await expect(card.getByText('It answers')).toBeVisible();
    await expect(card).toContainText('运费由我们承担。');
    expect(engine.asked[0]?.key).toBe(`Bearer ${KEY}`);
    expect.soft(await faults(page), 'the engines, one tried').toEqual([]);
  });

  await test.step('its key is never shown again', async () => {
    await page.reload();
    const card = page.getByRole('listitem').filter({ hasText: 'shop' });
    await card.getByRole('button', { name: 'Edit' }).click();
    const form = page.getByRole('dialog');
    await expect(form.getByText('Set. Empty keeps it')).toBeVisible();
    await expect(form.getByLabel('Key', { exact: true })).toHaveValue('');
    expect(await page.content()).not.toContain(KEY);
    await page.keyboard.press('Escape');
  });

  await test.step('rules send questions to it', async () => {
    await page.getByRole('link', { name: 'Routing', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Rules (YAML)' });
    await editor.fill(RULES.replace('pattern: "保修"', 'pattern: "保(修"'));
    await expect(page.getByText(/Line 7, column 16: pattern/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save and put in place' })).toBeDisabled();
    expect.soft(await faults(page), 'rules with a fault').toEqual([]);
    await editor.fill(RULES);
    await expect(page.getByText('Nothing is wrong')).toBeVisible();
    const tester = page.getByRole('region', { name: 'Try it' });
    await tester.getByLabel('A visitor’s question').fill('我想退货');
    await tester.getByRole('button', { name: 'Look' }).click();
    await expect(tester.getByText('Rule 1 · returns')).toBeVisible();
    await expect(tester.getByRole('listitem')).toHaveText([/shop/, /knowledge/, /A person/]);
    await page.getByRole('button', { name: 'Save and put in place' }).click();
    await expect(page.getByText('The new rules are in place')).toBeVisible();
    await page.reload();
    await expect(editor).toHaveValue(RULES);
    await expect(page.getByRole('region', { name: 'History' }).getByRole('listitem')).toHaveText([/Version 1.*In place.*Owner/]);
    expect.soft(await faults(page), 'rules in place').toEqual([]);
  });

  const visitor = await Visitor.atChatPage(browser, server);
  await test.step('a visitor watches it answer, and a person takes over in mid-sentence', async () => {
    engine.silentAfter = 3;
    await visitor.write('我想退货 #1');
    const part = /您的退货已经登记/;
    await expect(visitor.log.getByText(part)).toBeVisible();
    await agent.goTo('Chats');
    await page.getByRole('tab', { name: /^Bot/ }).click();
    await page.getByRole('tabpanel').getByRole('link').first().click();
    const live = agent.log.getByRole('group', { name: 'AI is answering' });
    await expect(live).toContainText(part);
    await live.getByRole('button', { name: 'Take over' }).click();
    await expect(visitor.message('A person took over here')).toContainText(part);
    await expect.poll(() => engine.open, { message: 'the run is stopped there' }).toBe(0);
    await agent.reply('I have it here myself #2');
    await visitor.sees('I have it here myself #2');
    await visitor.page.reload();
    await expect(visitor.message('A person took over here')).toHaveCount(1);
    await expect(visitor.log.getByText('运费由我们承担')).toHaveCount(0);
  });

  await test.step('the engine dies in mid-answer: the next of the chain answers, and says so', async () => {
    const other = await Visitor.atChatPage(browser, server);
    await other.write('怎么申请退货');
    await expect(other.log.getByText('您的退货')).toBeVisible();
    await engine.kill();
    await expect(other.message('换一位助手为您解答')).toContainText('选择商品');
    await expect(other.message('换一位助手为您解答')).toHaveCount(1);
    await other.page.reload();
    await expect(other.message('选择商品')).toHaveCount(1);
  });

  await test.step('without a chain a person is told why', async () => {
    const last = await Visitor.atChatPage(browser, server);
    await last.write('我要保修 #3');
    await last.sees('已为您转接人工客服');
    await agent.accept('已为您转接人工客服');
    await expect(agent.message('AI 未能回答，已转人工')).toContainText('shop: 127.0.0.1');
  });

  await test.step('rules before can be had back, an engine in use by rules be switched off and removed', async () => {
    await agent.goTo('AI engines');
    const card = page.getByRole('listitem').filter({ hasText: 'shop' });
    await card.getByRole('button', { name: 'Switch off' }).click();
    await expect(card.getByText('Off', { exact: true })).toBeVisible();
    await card.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').filter({ hasText: 'Remove “shop”?' }).getByRole('button', { name: 'Remove' }).click();
    await expect(card).toHaveCount(0);
    await page.getByRole('link', { name: 'Routing', exact: true }).click();
    await expect(page.getByText(/Line 4, column 16: the engine shop is not configured/)).toBeVisible();
    const editor = page.getByRole('textbox', { name: 'Rules (YAML)' });
    await editor.fill('rules: []\n');
    await page.getByRole('button', { name: 'Save and put in place' }).click();
    const history = page.getByRole('region', { name: 'History' });
    await expect(history.getByRole('listitem')).toHaveCount(2);
    await history.getByRole('listitem').filter({ hasText: 'Version 1' }).getByRole('button', { name: 'Look' }).click();
    await expect(page.getByRole('dialog')).toContainText('name: returns');
    expect.soft(await faults(page), 'an older text').toEqual([]);
    await page.getByRole('button', { name: 'Put it back in place' }).click();
    await expect(history.getByRole('listitem').first()).toContainText('restored from version 1');
    await page.reload();
    await expect(editor).toHaveValue(RULES);
  });
});

test('an agent who is no manager has no page of engines and chooses none', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const ada = await owner.colleague(browser, server, 'Ada');
  await expect(ada.page.getByRole('link', { name: 'AI engines' })).toHaveCount(0);
  await ada.page.goto(`${server.url}/engines`);
  await expect(ada.page).toHaveURL(`${server.url}/`);
  await ada.goTo('Sites');
  await expect(ada.page.getByLabel('Who answers visitors first')).toBeDisabled();
});
