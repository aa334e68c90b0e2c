import type { Page } from '@playwright/test';
import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

const checked = async (page: Page) => expect(await faults(page)).toEqual([]);

test('tags sort conversations for the whole team', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const { page } = owner;
  await test.step('a manager makes two', async () => {
    await page.goto(`${server.url}/desk`);
    for (const [name, colour] of [['Refund', 'gold'], ['VIP', 'scarlet']] as const) {
      await page.getByLabel('New tag').fill(name);
      await page.getByLabel('Colour').selectOption(colour);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.getByRole('region', { name: 'Tags' }).getByText(name, { exact: true })).toBeVisible();
    }
    await checked(page);
  });
  const colleague = await owner.colleague(browser, server, 'Ben');
  await page.goto(`${server.url}/`);
  const [one, two] = [await Visitor.atChatPage(browser, server), await Visitor.atChatPage(browser, server)];
  await owner.setAvailability('Busy');
  await colleague.setAvailability('Busy');
  await one.write('money back, please');
  await two.write('just a question');

  await test.step('an agent puts one on, a colleague sees it and narrows the list to it', async () => {
    await colleague.opens('Queue', 'money back');
    await colleague.page.getByRole('button', { name: 'Add a tag' }).click();
    await colleague.page.getByRole('menuitem', { name: 'Refund' }).click();
    await expect(colleague.page.getByRole('list', { name: 'Tags' })).toContainText('Refund');
    await page.getByRole('tab', { name: /^Queue/ }).click();
    const rows = page.getByRole('tabpanel').getByRole('link');
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: 'money back' })).toContainText('Refund');
    await page.getByLabel('Narrow to a tag').selectOption({ label: 'Refund' });
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('money back');
    await page.getByLabel('Narrow to a tag').selectOption({ label: 'VIP' });
    await expect(page.getByText('Nothing matches')).toBeVisible();
    await page.getByLabel('Narrow to a tag').selectOption({ label: 'All tags' });
    await expect(rows).toHaveCount(2);
    await checked(page);
    await checked(colleague.page);
  });

  await test.step('it is there after a reload, and goes with a click', async () => {
    await colleague.page.reload();
    await expect(colleague.page.getByRole('list', { name: 'Tags' })).toContainText('Refund');
    await colleague.page.getByRole('button', { name: 'Take off tag Refund' }).click();
    await expect(colleague.page.getByRole('list', { name: 'Tags' })).toHaveCount(0);
    await expect(page.getByRole('tabpanel').getByRole('link').filter({ hasText: 'money back' })).not.toContainText('Refund');
  });
});

test('a conversation is closed with a reason and a summary that colleagues read', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const colleague = await agent.colleague(browser, server, 'Ben');
  await colleague.setAvailability('Away');
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('My lamp is broken #1');
  await agent.accept('#1');
  await agent.page.getByRole('button', { name: 'Close', exact: true }).click();
  const dialog = agent.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Solved' }).check({ force: true });
  await dialog.getByLabel('Summary').fill('The lamp is replaced.');
  await checked(agent.page);
  await dialog.getByRole('button', { name: 'Close conversation' }).click();
  await expect(visitor.log.getByText('This chat has ended')).toHaveCount(1);
  await expect(visitor.page.getByText('The lamp is replaced.')).toHaveCount(0);

  await test.step('a colleague finds it in the details and in the line of time', async () => {
    await colleague.page.getByRole('tab', { name: 'Closed' }).click();
    await colleague.page.getByRole('tabpanel').getByRole('link').filter({ hasText: '#1' }).click();
    await expect(colleague.page.getByRole('region', { name: 'Summaries' })).toContainText('Solved');
    await expect(colleague.page.getByRole('region', { name: 'Summaries' })).toContainText('The lamp is replaced.');
    await expect(colleague.log).toContainText('The lamp is replaced.');
    await checked(colleague.page);
  });

  await test.step('it is opened again by an agent', async () => {
    await colleague.page.getByRole('button', { name: 'Reopen' }).first().click();
    await expect(colleague.page.getByRole('textbox', { name: 'Reply' })).toBeVisible();
    await expect(colleague.page.getByRole('region', { name: 'History' })).toContainText('Reopened');
    await colleague.reply('One more word #2');
    await visitor.sees('One more word #2');
  });
});

test('a blocked visitor cannot write until it is lifted', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const { page } = agent;
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('buy cheap watches #1');
  await agent.accept('#1');
  await page.getByRole('button', { name: 'Block visitor' }).click();
  await page.getByRole('dialog').getByLabel('Reason (colleagues only)').fill('advertising');
  await page.getByRole('dialog').getByLabel('For how long').selectOption({ label: '7 days' });
  await checked(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page.getByRole('complementary', { name: 'Details' }).getByText('advertising')).toBeVisible();
  await visitor.box.fill('more watches #2');
  await visitor.box.press('Enter');

  await test.step('it is on the blacklist after a reload, and nothing came', async () => {
    await page.reload();
    await expect(page.getByRole('complementary', { name: 'Details' }).getByText('advertising')).toBeVisible();
    await expect(agent.message('#2')).toHaveCount(0);
    await page.goto(`${server.url}/blacklist`);
    await expect(page.getByRole('listitem').filter({ hasText: 'advertising' })).toContainText('until');
    await checked(page);
  });

  await test.step('lifted, the visitor writes again', async () => {
    await page.getByRole('button', { name: 'Unblock' }).click();
    await expect(page.getByText('Nobody is blocked')).toBeVisible();
    await page.goto(`${server.url}/`);
    const other = await visitor.again();
    await other.write('sorry #3');
    await agent.opens('Mine', 'sorry #3');
    await agent.sees('sorry #3');
  });
});
