import type { Page } from '@playwright/test';
import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

const checked = async (page: Page) => expect(await faults(page)).toEqual([]);

test('what a manager writes once, a colleague puts into a reply with a few keys', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const { page } = owner;
  await page.goto(`${server.url}/canned`);
  await expect(page.getByText('No canned replies yet')).toBeVisible();

  await test.step('one for the team, with names to fill in', async () => {
    await page.getByRole('button', { name: 'New canned reply' }).first().click();
    const editor = page.getByRole('dialog');
    await editor.getByLabel('Title').fill('Return a lamp');
    await editor.getByLabel('Folder').fill('Returns');
    await editor.getByLabel('Text', { exact: true }).fill('Hello {{visitor}}, {{agent}} takes care of your lamp. #1');
    await expect(editor.getByRole('region', { name: 'As it is put in' })).toContainText('Hello Ms Wong');
    await checked(page);
    await editor.getByRole('button', { name: 'Save' }).click();
    await expect(editor).toBeHidden();
    await expect(page.getByRole('region', { name: 'Returns' })).toContainText('Return a lamp');
    await checked(page);
  });

  const colleague = await owner.colleague(browser, server, 'Ben');
  await test.step('the colleague reads it, cannot change it, and adds an own one that nobody else finds', async () => {
    await colleague.page.goto(`${server.url}/canned`);
    await expect(colleague.page.getByText('Return a lamp')).toBeVisible();
    await expect(colleague.page.getByRole('button', { name: /Return a lamp/ })).toHaveCount(0);
    await colleague.page.getByRole('button', { name: 'New canned reply' }).click();
    const editor = colleague.page.getByRole('dialog');
    await expect(editor.getByRole('switch')).toHaveCount(0);
    await editor.getByLabel('Title').fill('Mine alone');
    await editor.getByLabel('Text', { exact: true }).fill('Only Ben says this');
    await editor.getByRole('button', { name: 'Save' }).click();
    await expect(colleague.page.getByRole('button', { name: /Mine alone/ })).toBeVisible();
    await page.reload();
    await expect(page.getByText('Return a lamp')).toBeVisible();
    await expect(page.getByText('Mine alone')).toHaveCount(0);
  });

  await test.step('a slash, two letters and Enter; the visitor reads it filled in', async () => {
    await owner.page.goto(`${server.url}/`);
    await owner.setAvailability('Away');
    const visitor = await Visitor.atChatPage(browser, server);
    await visitor.write('My lamp is broken #2');
    await colleague.page.goto(`${server.url}/`);
    await colleague.accept('#2');
    const box = colleague.page.getByRole('textbox', { name: 'Reply' });
    await box.pressSequentially('/ret');
    const list = colleague.page.getByRole('listbox', { name: 'List of canned replies' });
    await expect(list.getByRole('option')).toHaveCount(1);
    await checked(colleague.page);
    await box.press('Enter');
    await expect(box).toHaveValue('Hello there, Ben takes care of your lamp. #1');
    await expect(list).toBeHidden();
    await box.press('Enter');
    await visitor.sees('Hello there, Ben takes care of your lamp. #1');
  });

  await test.step('what is deleted comes back by undo, also after a reload', async () => {
    await page.goto(`${server.url}/canned`);
    await page.getByRole('button', { name: /Return a lamp/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('No canned replies yet')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('button', { name: /Return a lamp/ })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: /Return a lamp/ })).toBeVisible();
  });
});
