import { Agent, expect, test, Visitor } from '../people.ts';

test('a place in the line, and an agent as soon as one is there', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  await agent.setAvailability('Busy');
  const [first, second] = [await Visitor.atChatPage(browser, server), await Visitor.atChatPage(browser, server)];
  await first.write('I am first #1');
  await expect(agent.page.getByRole('tab', { name: /^Queue/ })).toHaveAccessibleName('Queue 1');
  await second.write('I am second #1');
  await expect(agent.page.getByRole('tab', { name: /^Queue/ })).toHaveAccessibleName('Queue 2');
  await agent.page.getByRole('tab', { name: /^Queue/ }).click();
  await expect(agent.page.getByRole('tabpanel').getByRole('link')).toContainText(['I am first', 'I am second']);

  // By hand, from the queue: the second one moves up, told by event.
  await agent.page.getByRole('tabpanel').getByRole('link').filter({ hasText: 'I am first' }).click();
  await agent.page.getByRole('button', { name: 'Accept' }).first().click();
  await expect(first.status).toHaveText(/^You are talking to /);
  await agent.reply('Welcome #2');
  await first.sees('Welcome #2');

  await agent.setAvailability('Online');
  await agent.accept('I am second #1');
  await expect(second.status).toHaveText(/^You are talking to /);
  await expect(agent.page.getByRole('tab', { name: /^Mine/ })).toHaveAccessibleName('Mine 2');
  await expect(agent.page.getByRole('tab', { name: /^Queue/ })).toHaveAccessibleName('Queue');
  await expect(agent.log.getByText(/accepted|the only one free/)).toBeVisible();
});

test('everybody in the line is told the place, and told again when the line moves', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const waiting: Visitor[] = [];
  // They come while somebody is there: to a shop that is away nobody is promised a place.
  for (let n = 0; n < 3; n++) waiting.push(await Visitor.atChatPage(browser, server));
  await agent.setAvailability('Busy');
  for (const [n, visitor] of waiting.entries()) {
    await visitor.write(`question of ${n + 1} #1`);
    await expect(visitor.status).toHaveText(`Waiting for a person, number ${n + 1} in line`);
  }
  const [first, second, third] = waiting as [Visitor, Visitor, Visitor];
  await agent.opens('Queue', 'question of 2');
  await expect(agent.page.getByRole('complementary')).toContainText(/Place in queue\s*2/);
  await agent.opens('Queue', 'question of 1');
  await agent.page.getByRole('button', { name: 'Accept' }).first().click();
  await expect(first.status).toHaveText(/^You are talking to /);
  await expect(second.status).toHaveText('Waiting for a person, number 1 in line');
  await expect(third.status).toHaveText('Waiting for a person, number 2 in line');
  await agent.opens('Queue', 'question of 3');
  await expect(agent.page.getByRole('complementary')).toContainText(/Place in queue\s*2/);
  await second.page.reload();
  await agent.opens('Queue', 'question of 2');
  await agent.page.getByRole('button', { name: 'Accept' }).first().click();
  await expect(third.status).toHaveText('Waiting for a person, number 1 in line');
});

test.describe('a short ring', () => {
  test.use({ chat: { ring: '4s' } });

  test('what is not accepted passes on to a colleague, and nobody else answers it', async ({ browser, server }) => {
    const owner = await Agent.signedIn(browser, server);
    const visitor = await Visitor.atChatPage(browser, server);
    const ada = await owner.colleague(browser, server, 'Ada');
    await visitor.write('Is anybody there? #1');
    const rung = await Promise.race([owner, ada].map((a) => a.offer.waitFor().then(() => a)));
    const other = rung === owner ? ada : owner;
    await expect(rung.offer).toContainText(/[1-4] s left/);
    await expect(other.offer).toHaveCount(1);
    await expect(rung.offer).toHaveCount(0);
    await other.accept('Is anybody there? #1');
    await other.reply('Yes, I am #2');
    await visitor.sees('Yes, I am #2');
    await rung.opens('All', 'Yes, I am');
    await expect(rung.page.getByText(/is answering. Take over to reply/)).toBeVisible();
    await visitor.page.reload();
    await visitor.sees('Yes, I am #2');
  });
});

test('a conversation is transferred to a colleague, with its notes', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('It is about an invoice #1');
  await owner.accept('It is about an invoice #1');
  await owner.note('wants it by mail #2');
  const ada = await owner.colleague(browser, server, 'Ada');
  await owner.page.getByRole('button', { name: 'More actions' }).click();
  await owner.page.getByRole('menuitem', { name: 'Transfer' }).click();
  await owner.page.getByRole('dialog').getByRole('button', { name: /^Ada/ }).click();
  await expect(owner.log.getByText('Transferred to Ada')).toBeVisible();
  await ada.opens('Mine', 'It is about an invoice').catch(async () => ada.accept('It is about an invoice #1'));
  await ada.sees('wants it by mail #2');
  await ada.reply('Here it is #3');
  await visitor.sees('Here it is #3');
  await expect(visitor.status).toHaveText('You are talking to Ada');
  await expect(visitor.message('wants it by mail')).toHaveCount(0);
  await Promise.all([ada.page.reload(), visitor.page.reload()]);
  await expect(visitor.status).toHaveText('You are talking to Ada');
  await ada.sees('wants it by mail #2');
});
