import type { Page } from '@playwright/test';
import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

const checked = async (page: Page) => expect(await faults(page)).toEqual([]);

test('what was begun is there on another device', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('Hello #1');
  await agent.accept('#1');
  const kept = agent.page.waitForResponse((r) => r.url().endsWith('/begun') && r.request().method() === 'PUT');
  await agent.page.getByRole('textbox', { name: 'Reply' }).fill('I am looking');
  await kept;
  const elsewhere = await Agent.signedIn(browser, server);
  await elsewhere.page.goto(agent.page.url());
  await expect(elsewhere.page.getByRole('textbox', { name: 'Reply' })).toHaveValue('I am looking');
  await elsewhere.page.getByRole('textbox', { name: 'Reply' }).press('End');
  await elsewhere.page.getByRole('button', { name: 'Emoji' }).click();
  await checked(elsewhere.page);
  await elsewhere.page.getByRole('group', { name: 'Faces' }).getByRole('button').first().click();
  await expect(elsewhere.page.getByRole('textbox', { name: 'Reply' })).toHaveValue(/^I am looking\p{Emoji}/u);
  await elsewhere.page.getByRole('textbox', { name: 'Reply' }).press('Enter');
  await visitor.sees('I am looking');
});
