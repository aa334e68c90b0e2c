import { Agent, expect, hasInOrder, test, Visitor } from '../people.ts';

test('a conversation from the first word to the next one', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);

  await test.step('a visitor writes, the agent is rung and accepts', async () => {
    await visitor.write('Where is my parcel? #1');
    await expect(agent.offer).toContainText('Where is my parcel? #1');
    await expect(agent.page).toHaveTitle('New conversation!');
    await agent.accept('Where is my parcel? #1');
    await agent.sees('Where is my parcel? #1');
    await expect(agent.page).not.toHaveTitle('New conversation!');
    await expect(visitor.log.getByText(/has joined to help you$/)).toHaveCount(1);
    await expect(visitor.status).toHaveText(/^You are talking to /);
    await expect(agent.page.getByRole('tab', { name: /^Mine/ })).toHaveAccessibleName('Mine 1');
    await expect(agent.page.getByRole('tab', { name: /^Queue/ })).toHaveAccessibleName('Queue');
  });

  await test.step('the agent replies', async () => {
    await agent.reply('I am looking it up #2');
    await visitor.sees('I am looking it up #2');
    await agent.sees('I am looking it up #2');
  });

  await test.step('the visitor goes on', async () => {
    await visitor.write('a whole thought #3');
    await agent.sees('a whole thought #3');
  });

  await test.step('an internal note never reaches the visitor', async () => {
    const told: string[] = [];
    const answers: Promise<void>[] = [];
    visitor.page.on('response', (answer) => {
      const kept = answer.text().then((text) => void told.push(text), () => {});
      if (answer.url().includes('/api/')) answers.push(kept);
    });
    await agent.note('a difficult customer #4');
    await agent.sees('a difficult customer #4');
    await agent.reply('It arrives tomorrow #5');
    await visitor.sees('It arrives tomorrow #5');
    await expect(visitor.message('a difficult customer')).toHaveCount(0);
    await visitor.page.reload();
    await visitor.sees('It arrives tomorrow #5');
    await expect(visitor.message('a difficult customer')).toHaveCount(0);
    await Promise.all(answers);
    expect(told.join()).not.toContain('difficult customer');
  });

  await test.step('both reload and see the same, once and in order', async () => {
    await Promise.all([agent.page.reload(), visitor.page.reload()]);
    const told = ['Where is my parcel? #1', 'I am looking it up #2', 'a whole thought #3', 'It arrives tomorrow #5'];
    await hasInOrder(visitor.log, told);
    await hasInOrder(agent.log, [...told.slice(0, 3), 'a difficult customer #4', ...told.slice(3)]);
  });

  await test.step('the agent closes, the visitor sees it', async () => {
    await agent.close();
    await expect(visitor.log.getByText('This chat has ended')).toHaveCount(1);
    await expect(visitor.status).toHaveText(/^This chat has ended/);
    await expect(agent.page.getByRole('button', { name: 'Reopen' }).first()).toBeVisible();
  });

  await test.step('the visitor writes again: it reopens and waits in the queue', async () => {
    // Busy: nobody is rung, so the conversation stays in the queue.
    await agent.page.getByRole('button', { name: /^Availability/ }).click();
    await agent.page.getByRole('menuitem', { name: 'Busy' }).click();
    await expect(agent.page.getByRole('button', { name: 'Availability: Busy' })).toBeVisible();
    await visitor.write('One more thing #6');
    await agent.sees('One more thing #6');
    await expect(visitor.log.getByText('This chat was reopened')).toHaveCount(1);
    await agent.page.getByRole('tab', { name: 'Queue' }).click();
    await expect(agent.page.getByRole('tabpanel').getByRole('link')).toHaveCount(1);
    await expect(agent.page.getByRole('tabpanel').getByRole('link')).toContainText('One more thing #6');
    await visitor.page.reload();
    await visitor.sees('One more thing #6');
    await expect(visitor.log.getByText('This chat has ended')).toHaveCount(1);
    await expect(agent.page.getByRole('button', { name: 'Accept' }).first()).toBeVisible();
  });

  await test.step('back online, the agent is rung for it', async () => {
    await agent.page.getByRole('button', { name: /^Availability/ }).click();
    await agent.page.getByRole('menuitem', { name: 'Online' }).click();
    await agent.accept('One more thing #6');
    await agent.reply('Gladly #7');
    await visitor.sees('Gladly #7');
  });
});
