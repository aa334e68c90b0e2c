import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

test('both sides quote a message and find it again', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('Is the lamp in stock? #1');
  await agent.accept('#1');
  await agent.message('#1').hover();
  await agent.message('#1').getByRole('button', { name: 'Quote', exact: true }).click();
  expect(await faults(agent.page)).toEqual([]);
  await agent.reply('Yes, three of them. #2');
  const quoted = visitor.message('#2').getByRole('button', { name: 'Quoted message' });
  await expect(quoted).toContainText('Is the lamp in stock? #1');
  await quoted.click();
  await expect(visitor.message('stock? #1').first()).toHaveClass(/found/);

  await visitor.message('#2').hover();
  await visitor.message('#2').getByRole('button', { name: 'Quote', exact: true }).click();
  expect(await faults(visitor.page)).toEqual([]);
  await visitor.write('Then I take one #3');
  await expect(agent.message('#3').getByRole('button', { name: 'Quoted message' })).toContainText('Yes, three of them. #2');
  await visitor.page.reload();
  await expect(visitor.message('#3').getByRole('button', { name: 'Quoted message' })).toContainText('Yes, three of them. #2');
});

test('what either side takes back is gone for both, also where it was quoted', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('My card is 4111 1111 #1');
  await agent.accept('#1');
  await agent.message('#1').hover();
  // Only what is one's own can be taken back.
  await expect(agent.message('#1').getByRole('button', { name: 'Recall', exact: true })).toHaveCount(0);
  await agent.message('#1').getByRole('button', { name: 'Quote', exact: true }).click();
  await agent.reply('Please do not send it here. #2');
  await visitor.message('4111 1111 #1').first().hover();
  await visitor.message('4111 1111 #1').first().getByRole('button', { name: 'Recall', exact: true }).click();
  await expect(visitor.log).toContainText('You recalled a message');
  await expect(agent.log).toContainText('Visitor recalled a message');
  for (const log of [visitor.log, agent.log]) {
    await expect(log).not.toContainText('4111');
    await expect(log).toContainText('This message was recalled');
  }
  await agent.message('#2').hover();
  await agent.message('#2').getByRole('button', { name: 'Recall', exact: true }).click();
  await expect(visitor.log).not.toContainText('Please do not send it here');
  expect(await faults(agent.page)).toEqual([]);
  expect(await faults(visitor.page)).toEqual([]);
  for (const { page } of [agent, visitor]) await page.reload();
  for (const log of [visitor.log, agent.log]) {
    await expect(log).toContainText(/recalled a message/);
    await expect(log).not.toContainText('4111');
    await expect(log).not.toContainText('Please do not send it here');
  }
  await agent.goTo('Chats');
  await agent.page.getByRole('tab', { name: /^Mine/ }).click();
  await expect(agent.page.getByRole('tabpanel')).toContainText('This message was recalled');
});
