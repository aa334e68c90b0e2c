import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

/** The panel that is open in the demo shop. */
async function atShop(page: Page, url: string): Promise<Visitor> {
  await page.goto(`${url}/demo`);
  await page.getByRole('button', { name: /^Open chat/ }).click();
  const visitor = new Visitor(page, page.getByRole('dialog').locator('iframe').contentFrame());
  await expect(visitor.box).toBeVisible();
  return visitor;
}

test('the home says who is there, and goes on with what was said', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const page = await (await browser.newContext()).newPage();
  const visitor = await atShop(page, server.url);
  await expect(visitor.root.getByText(/is online/)).toBeVisible();
  await expect(visitor.root.getByRole('button', { name: /Continue your conversation/ })).toHaveCount(0);
  expect(await faults(page)).toEqual([]);

  await visitor.write('Do you ship abroad? #1');
  await agent.accept('#1');
  await visitor.root.getByRole('button', { name: 'Back to the start' }).click();
  await agent.reply('We do. #2');
  const goOn = visitor.root.getByRole('button', { name: /Continue your conversation/ });
  await expect(goOn).toContainText('We do. #2');
  await expect(goOn).toContainText('1 unread');
  expect(await faults(page)).toEqual([]);
  // What is not looked at is not read.
  await expect(agent.message('#2')).toContainText('Delivered');
  await goOn.click();
  await visitor.sees('We do. #2');
  await expect(agent.message('#2')).toContainText('Read');
  // Closed and opened again within the hour it is where it was.
  await page.reload();
  await page.getByRole('button', { name: /^Open chat/ }).click();
  await visitor.sees('We do. #2');
});

test('a manager changes the look with a live preview, and visitors see it', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const { page } = agent;
  await agent.goTo('Sites');
  const shown = page.getByTitle('Preview of the chat window').contentFrame();
  const head = shown.getByRole('heading', { level: 1 });
  await page.getByLabel('Title of the window').first().fill('帮助台');
  await expect(head).toHaveText('帮助台');
  await page.getByRole('region', { name: 'English' }).getByLabel('Title of the window').fill('Help desk');
  await page.getByRole('region', { name: 'English' }).getByLabel('Greeting').fill('Good day from the help desk');
  await page.getByLabel('Language of the preview').selectOption('en');
  await expect(head).toHaveText('Help desk');
  await expect(shown.getByRole('heading', { name: 'Good day from the help desk' })).toBeVisible();
  await expect(shown.getByText('Powered by Macaw')).toBeVisible();
  await page.getByLabel('Colour').fill('#0b7a3b');
  await page.getByLabel('Where the button sits').selectOption('left');
  await page.getByRole('switch', { name: /Powered by Macaw/ }).click();
  await expect(shown.getByText('Powered by Macaw')).toHaveCount(0);
  const logo = join(import.meta.dirname, '..', '..', 'crates', 'server', 'tests', 'it', 'authorisation', 'dot.png');
  await page.locator('input[type=file]').setInputFiles(logo);
  await expect(shown.locator('.perch img')).toBeVisible();
  await page.getByRole('switch', { name: 'Somebody is online' }).click();
  await expect(shown.getByText('Nobody is online right now')).toBeVisible();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  const visitor = await atShop(other, server.url);
  await expect(visitor.root.getByRole('heading', { level: 1 })).toHaveText('Help desk');
  await expect(visitor.root.getByText('Powered by Macaw')).toHaveCount(0);
  await expect(visitor.root.locator('.perch img')).toBeVisible();
  expect(await other.getByRole('button', { name: /^Close chat/ }).evaluate((b) => b.getBoundingClientRect().left)).toBeLessThan(200);
  const brand = await visitor.root.locator('html').evaluate((html) => html.style.getPropertyValue('--brand'));
  expect(brand).toBe('rgb(11 122 59)');
  expect(await faults(other)).toEqual([]);

  const chinese = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  await chinese.goto(`${server.url}/chat/${server.site}`);
  await expect(chinese.getByRole('heading', { level: 1 })).toHaveText('帮助台');

  await page.reload();
  await expect(page.getByLabel('Title of the window').first()).toHaveValue('帮助台');
  const link = page.getByRole('region', { name: 'Chat page' });
  await expect(link.getByRole('img', { name: 'QR code of the chat page' })).toBeVisible();
  await expect(link).toContainText(`${server.url}/chat/${server.site}`);
});
