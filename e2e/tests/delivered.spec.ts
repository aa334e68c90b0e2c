import { Agent, expect, test, Visitor } from '../people.ts';

test('sent, delivered, read: each is seen on the other side, and kept', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.url}/demo`);
  await page.getByRole('button', { name: 'Open chat' }).click();
  const visitor = new Visitor(page, page.getByRole('dialog').locator('iframe').contentFrame());
  await visitor.write('is it there? #1');
  // Nobody answers yet: it is on no agent's device.
  await expect(visitor.message('is it there? #1')).toContainText('Sent');
  await agent.accept('is it there? #1');
  await expect(visitor.message('is it there? #1')).toContainText('Read');

  await test.step('at a visitor whose chat is closed', async () => {
    await visitor.root.getByRole('button', { name: 'Close chat' }).click();
    await agent.reply('it is #2');
    await expect(agent.message('it is #2')).toContainText('Delivered');
    await agent.page.reload();
    await expect(agent.message('it is #2')).toContainText('Delivered');
    await page.getByRole('button', { name: /Open chat/ }).click();
    await visitor.sees('it is #2');
    await expect(agent.message('it is #2')).toContainText('Read');
  });

  await test.step('at an agent who looks at something else', async () => {
    await agent.goTo('Knowledge');
    await visitor.write('and now? #3');
    await expect(visitor.message('and now? #3')).toContainText('Delivered');
    await page.reload();
    await page.getByRole('button', { name: /Open chat/ }).click();
    await expect(visitor.message('and now? #3')).toContainText('Delivered');
    await agent.goTo('Chats');
    await agent.opens('Mine', 'and now? #3');
    await expect(visitor.message('and now? #3')).toContainText('Read');
  });

  await test.step('at nobody: the agent is gone', async () => {
    await agent.page.goto('about:blank');
    await visitor.write('anybody? #4');
    await visitor.sees('anybody? #4');
    await expect(visitor.message('anybody? #4')).toContainText('Sent');
    await agent.page.goto(`${server.url}/knowledge`);
    await agent.isConnected();
    await expect(visitor.message('anybody? #4')).toContainText('Delivered');
  });
});
