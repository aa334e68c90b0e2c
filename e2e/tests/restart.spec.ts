import { Agent, expect, hasInOrder, test, Visitor } from '../people.ts';

test('a killed server comes back and nobody has to reload', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('before the crash #1');
  await agent.accept('before the crash #1');
  await agent.reply('an answer before the crash #2');
  await visitor.sees('an answer before the crash #2');
  for (const { page } of [agent, visitor]) await page.evaluate(() => Object.assign(window, { isSamePage: true }));

  await server.kill();
  await expect(agent.link).not.toHaveText('Connected');
  await visitor.write('while it was down #3');
  await visitor.sees('while it was down #3');
  await expect(visitor.message('while it was down #3')).toContainText('Will be sent when the connection is back');
  await server.start();

  await agent.isConnected();
  await agent.sees('while it was down #3');
  await expect(visitor.message('while it was down #3')).not.toContainText('Will be sent');
  await agent.reply('after the crash #4');
  await visitor.sees('after the crash #4');
  await visitor.write('all is well #5');
  await agent.sees('all is well #5');

  for (const { page } of [agent, visitor]) expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
  const told = ['before the crash #1', 'an answer before the crash #2', 'while it was down #3', 'after the crash #4', 'all is well #5'];
  await hasInOrder(visitor.log, told);
  await hasInOrder(agent.log, told);
  await Promise.all([agent.page.reload(), visitor.page.reload()]);
  await hasInOrder(visitor.log, told);
  await hasInOrder(agent.log, told);
});
