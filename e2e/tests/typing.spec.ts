import { Agent, expect, test, Visitor } from '../people.ts';

// 2026-11-24, both: the server tells typing only within the sender's shard of the hub (crates/gateway,
// Shard::typing), so that about half of the pairs of connections on two cores never see it.

// Two tabs on each side: whichever part of the server a connection lands in, it must hear the other side.
test('the agent sees what the visitor types before it is sent', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('hello #1');
  await agent.accept('hello #1');
  const other = new Agent(await agent.page.context().newPage());
  await other.page.goto(agent.page.url());
  for (const tab of [agent, other]) await tab.sees('hello #1');

  await visitor.box.pressSequentially('half a thou');
  await Promise.all(
    [agent, other].map((tab) => expect(tab.log.getByText('half a thou', { exact: true })).toBeVisible()),
  );
  await visitor.write('a whole thought #2');
  for (const tab of [agent, other]) {
    await tab.sees('a whole thought #2');
    await expect(tab.message('half a thou')).toHaveCount(0);
    await expect(tab.log.getByText('half a thou', { exact: true })).toHaveCount(0);
  }
});

test('the visitor sees that the agent is typing', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('hello #1');
  await agent.accept('hello #1');
  await agent.sees('hello #1');
  const page = await visitor.page.context().newPage();
  await page.goto(visitor.page.url());
  const other = new Visitor(page);
  await other.sees('hello #1');

  await agent.page.getByRole('textbox', { name: 'Reply' }).pressSequentially('Let me');
  await Promise.all(
    [visitor, other].map((tab) => expect(tab.root.getByRole('img', { name: /is typing$/ })).toBeVisible()),
  );
  await agent.reply('Let me see #2');
  for (const tab of [visitor, other]) {
    await tab.sees('Let me see #2');
    await expect(tab.root.getByRole('img', { name: /is typing$/ })).toHaveCount(0);
  }
});
