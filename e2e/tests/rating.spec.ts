import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

test('a visitor rates each closing once, and the agent reads it', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('Thank you, that was all #1');
  await agent.accept('#1');
  const form = visitor.page.getByRole('group', { name: 'How did we do?' });
  await expect(form).toHaveCount(0);
  await agent.close();
  await expect(form).toBeVisible();
  expect(await faults(visitor.page)).toEqual([]);
  await form.getByRole('radio', { name: 'Good', exact: true }).check();
  await visitor.page.getByLabel('Anything you would like to add?').fill('Quick and kind');
  expect(await faults(visitor.page)).toEqual([]);
  await visitor.page.getByRole('button', { name: 'Send rating' }).click();
  await expect(visitor.log).toContainText('Your rating ★★★★☆');
  await expect(form).toHaveCount(0);
  await expect(agent.log).toContainText('The visitor rated: ★★★★☆ “Quick and kind”');

  // It stands after a reload, and it is kept for reports.
  await visitor.page.reload();
  await expect(visitor.log).toContainText('Your rating ★★★★☆');
  await expect(form).toHaveCount(0);
  const answer = await agent.page.request.get(`${server.url}/api/v1/ratings`);
  expect(await answer.json()).toMatchObject({ average: 4, ratings: [{ score: 4, comment: 'Quick and kind' }] });

  // Another closing can be rated again.
  await visitor.write('One more question #2');
  await agent.accept('#2');
  await agent.close();
  await form.getByRole('radio', { name: 'Very good' }).check();
  await visitor.page.getByRole('button', { name: 'Send rating' }).click();
  await expect(agent.log).toContainText('The visitor rated: ★★★★★');
});
