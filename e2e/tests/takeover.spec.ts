import { Agent, expect, test, Visitor } from '../people.ts';

// So slow that a hand can come between.
test.use({ chat: { engine: 'knowledge', answer_pace: '700ms' } });

const ASK = '怎么申请退货';
const END = '签收后7天内可以申请。';

test('an agent takes over in mid-answer, replies, and gives back', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write(ASK);
  const part = /在“我的订单”里选择商品/;
  await expect(visitor.log.getByText(part)).toBeVisible();
  await agent.page.getByRole('tab', { name: /^Bot/ }).click();
  const row = agent.page.getByRole('tabpanel').getByRole('link').filter({ hasText: 'AI is answering' });
  await row.click();
  const live = agent.log.getByRole('group', { name: 'AI is answering' });
  await expect(live).toContainText(part);
  await live.getByRole('button', { name: 'Take over' }).click();

  // What was seen stays, once, and says why it ends; nothing of the rest comes.
  await expect(visitor.message('A person took over here')).toHaveCount(1);
  await expect(visitor.message('A person took over here')).toContainText(part);
  await expect(agent.message('Interrupted by a takeover')).toContainText(part);
  await expect(live).toHaveCount(0);
  await expect(visitor.status).toHaveText(/^You are talking to /);
  await agent.reply('Let me help you myself #2');
  await visitor.sees('Let me help you myself #2');
  for (const log of [visitor.log, agent.log]) await expect(log.getByText(END)).toHaveCount(0);
  await Promise.all([agent.page.reload(), visitor.page.reload()]);
  await expect(visitor.message('A person took over here')).toHaveCount(1);
  await expect(agent.message('Interrupted by a takeover')).toHaveCount(1);
  await visitor.sees('Let me help you myself #2');

  await agent.page.getByRole('button', { name: 'More actions' }).click();
  await agent.page.getByRole('menuitem', { name: 'Give back to AI' }).click();
  await expect(visitor.log.getByText('The AI assistant is helping you again')).toHaveCount(1);
  await visitor.write('退款多久到账');
  await expect(visitor.message('原路退回')).toHaveCount(1);
  await expect(agent.message('原路退回')).toHaveCount(1);
  await visitor.page.reload();
  await expect(visitor.message('原路退回')).toHaveCount(1);
});

test('a reload in mid-answer goes on in the middle of the sentence', async ({ browser, server }) => {
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write(ASK);
  const part = visitor.log.getByText(/在“我的订单”里选择商品/);
  await expect(part).toBeVisible();
  await visitor.page.reload();
  await expect(part).toBeVisible();
  const other = await visitor.again();
  await expect(other.log.getByText(/在“我的订单”里选择商品/)).toBeVisible();
  for (const tab of [visitor, other]) await expect(tab.message(END)).toHaveCount(1);
});

test('a server killed in mid-answer gives one final answer', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write(ASK);
  await expect(visitor.log.getByText(/在“我的订单”里选择商品/)).toBeVisible();
  await server.kill();
  await expect(agent.link).not.toHaveText('Connected');
  await server.start();
  await expect(visitor.message(END)).toHaveCount(1);
  await expect(visitor.log.getByRole('article').filter({ hasText: '选择商品' })).toHaveCount(1);
  await agent.opens('Bot', '签收后7天内');
  await expect(agent.message(END)).toHaveCount(1);
  await visitor.page.reload();
  await expect(visitor.message(END)).toHaveCount(1);
  await expect(visitor.log.getByRole('article').filter({ hasText: '选择商品' })).toHaveCount(1);
});
