import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

const PASSWORD = 'a password of ten';

/** A shop's own page, on an address of its own, with what was copied from the workbench before its end. */
async function shopWith(snippet: string) {
  const shop = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(`<!doctype html><title>Shop</title><h1>A shop</h1>${snippet}</body>`);
  });
  await new Promise<void>((ready) => shop.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`;
  return { url, close: () => new Promise((done) => shop.close(done)) };
}

test.describe('the first steps', () => {
  test.use({ chat: { engine: 'knowledge' } });

  test('each turns green by what really happened, the page once it is seen, without a reload', async ({ browser, server }) => {
    const agent = await Agent.signedIn(browser, server);
    const { page } = agent;
    const step = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    await expect(page.getByRole('heading', { name: 'A few steps to start' })).toBeVisible();
    await expect(step('See it on your page')).toContainText('Waiting for the first visit');
    await expect(step('Teach the AI some answers')).toContainText('(done)');
    expect.soft(await faults(page), 'first steps').toEqual([]);

    const snippet = await step('Put the snippet on your page').locator('code').innerText();
    const shop = await shopWith(snippet);
    const visitor = await (await browser.newContext()).newPage();
    await visitor.goto(shop.url);
    await visitor.getByRole('button', { name: 'Open chat' }).click();
    await expect(step('See it on your page')).toContainText('(done)');
    await expect(step('Put the snippet on your page')).toContainText('(done)');

    const panel = new Visitor(visitor, visitor.getByRole('dialog').locator('iframe').contentFrame());
    await panel.write('怎么申请退货');
    await expect(panel.message('审核通过后')).toHaveCount(1);
    await expect(step('Answer your first visitor')).toContainText('(done)');

    await step('Invite a colleague').getByRole('link').click();
    await expect(page).toHaveURL(/\/members$/);
    await agent.colleague(browser, server, 'Ada');
    await agent.goTo('Sites');
    await page.getByLabel('Greeting').first().fill('Welcome to the shop');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await expect(page.getByText('Saved')).toBeVisible();
    await page.reload();
    await page.getByRole('button', { name: /^My account/ }).click();
    await page.getByRole('menuitem', { name: 'A few steps to start' }).click();
    await expect(page.getByText('All done. You can look back here at any time.')).toBeVisible();
    await agent.goTo('Chats');
    await expect(page.getByRole('heading', { name: 'Choose a conversation' })).toBeVisible();
    await shop.close();
  });
});

test('a member is changed, forgets the password, and is removed', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const { page } = owner;
  const ada = await owner.colleague(browser, server, 'Ada');
  await owner.goTo('Members');
  const row = page.getByRole('listitem').filter({ hasText: 'ada@macaw.local' });
  const menu = async (item: string) => {
    await row.getByRole('button', { name: 'More: Ada' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  await test.step('role, load and time zone', async () => {
    await menu('Edit');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Role').selectOption('manager');
    await dialog.getByLabel('Conversations at once').fill('2');
    await dialog.getByLabel('Time zone').selectOption('Europe/Berlin');
    expect.soft(await faults(page), 'a member').toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('Manager');
    await expect(row).toContainText('0/2');
    await page.reload();
    await expect(row).toContainText('Manager');
    await ada.page.reload();
    await ada.goTo('Members');
    await expect(ada.page.getByRole('button', { name: 'Invite' })).toBeVisible();
  });

  await test.step('a new password by a link that is shown once', async () => {
    await menu('Password reset link');
    await page.getByRole('button', { name: 'Make link' }).click();
    const link = await page.getByRole('dialog').locator('code').innerText();
    await page.keyboard.press('Escape');
    const fresh = await (await browser.newContext()).newPage();
    await fresh.goto(link);
    await fresh.getByLabel('New password').fill('another password');
    await fresh.getByLabel('Once more').fill('another passwort');
    await expect(fresh.getByText('The two are not the same')).toBeVisible();
    expect.soft(await faults(fresh), 'a new password').toEqual([]);
    await fresh.getByLabel('Once more').fill('another password');
    await fresh.getByRole('button', { name: 'Save the password' }).click();
    await expect(fresh).toHaveURL(/\/sign-in/);
    // Everything that was signed in with the old one is out at once; the link works no second time.
    await expect(ada.page).toHaveURL(/\/sign-in/);
    await Agent.as(browser, server, 'ada@macaw.local', 'another password');
    await fresh.goto('about:blank');
    await fresh.goto(link);
    await fresh.getByLabel('New password').fill('a third password');
    await fresh.getByLabel('Once more').fill('a third password');
    await fresh.getByRole('button', { name: 'Save the password' }).click();
    await expect(fresh.getByRole('alert')).toContainText('not valid or has expired');
  });

  await test.step('removed: signed out, and what was in hand waits again', async () => {
    const again = await Agent.as(browser, server, 'ada@macaw.local', 'another password');
    await owner.setAvailability('Busy');
    const visitor = await Visitor.atChatPage(browser, server);
    await visitor.write('a question #1');
    await again.accept('a question #1');
    await expect(visitor.status).toHaveText('You are talking to Ada');
    await menu('Remove from the team');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from the team' }).click();
    await expect(row).toHaveCount(0);
    // At once, without a reload.
    await expect(again.page).toHaveURL(/\/sign-in/);
    await owner.opens('Queue', 'a question #1');
    await visitor.page.reload();
    await visitor.sees('a question #1');
    await expect(visitor.status).not.toHaveText('You are talking to Ada');
  });
});

test('the tenant is renamed, and times follow the member\'s zone', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const { page } = owner;
  await owner.goTo('Settings');
  await page.getByLabel('Name of the tenant').fill('The Lamp Shop');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.getByLabel('My time zone').selectOption('Pacific/Kiritimati');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByText('Saved')).toBeVisible();
  expect.soft(await faults(page), 'settings').toEqual([]);
  await page.reload();
  await expect(page.getByLabel('Name of the tenant')).toHaveValue('The Lamp Shop');
  await expect(page.getByLabel('My time zone')).toHaveValue('Pacific/Kiritimati');

  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('what time is it #1');
  await owner.accept('what time is it #1');
  const at = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Pacific/Kiritimati' });
  const near = [0, 60_000].map((ago) => at.format(Date.now() - ago));
  await expect(owner.message('what time is it #1')).toContainText(new RegExp(near.join('|')));

  // Taken back: the tenant's zone again, also when that changes.
  await owner.goTo('Settings');
  await page.getByLabel('Time zone', { exact: true }).selectOption('America/St_Johns');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByLabel('My time zone').selectOption({ label: 'As the tenant (America/St_Johns)' });
  await page.getByRole('button', { name: 'Save' }).last().click();
  await page.reload();
  await expect(page.getByLabel('My time zone')).toHaveValue('');
  await owner.opens('Mine', 'what time is it #1');
  const there = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'America/St_Johns' });
  await expect(owner.message('what time is it #1')).toContainText(new RegExp([0, 60_000, 120_000].map((ago) => there.format(Date.now() - ago)).join('|')));
});

test('who is no operator finds no tenants page', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const ada = await owner.colleague(browser, server, 'Ada');
  await ada.page.goto(`${server.url}/tenants`);
  await expect(ada.page).toHaveURL(`${server.url}/`);
  await expect(ada.page.getByRole('link', { name: 'Tenants' })).toHaveCount(0);
});

test('an operator makes a tenant, suspends it and resumes it, and sees no conversation', async ({ browser, server }) => {
  const { link: setPassword } = await server.admin<{ link: string }>('operator', 'root@macaw.local');
  const page = await (await browser.newContext()).newPage();
  await page.goto(new URL(setPassword, server.url).href);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('Once more').fill(PASSWORD);
  await page.getByRole('button', { name: 'Save the password' }).click();
  await page.getByLabel('E-mail').fill('root@macaw.local');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/tenants$/);
  await expect(page.getByRole('link', { name: 'Chats' })).toHaveCount(0);
  await page.goto(`${server.url}/members`);
  await expect(page).toHaveURL(/\/tenants$/);

  await page.getByRole('button', { name: 'New tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the tenant').fill('Second Shop');
  await dialog.getByLabel('E-mail of the owner').fill('second@macaw.local');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const link = await dialog.locator('code').innerText();
  await page.keyboard.press('Escape');
  const row = page.getByRole('article').filter({ hasText: 'Second Shop' });
  await expect(row).toBeVisible();
  expect.soft(await faults(page), 'tenants').toEqual([]);

  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  await second.getByLabel('Your name').fill('Siri');
  await second.getByLabel('Password').fill(PASSWORD);
  await second.getByRole('button', { name: 'Join' }).click();
  await expect(second).toHaveURL(/\/sign-in/);
  const siri = await Agent.as(browser, server, 'second@macaw.local', PASSWORD);
  await siri.goTo('Members');
  await expect(siri.page.getByText('second@macaw.local')).toBeVisible();
  await expect(siri.page.getByText(server.login)).toHaveCount(0);

  await row.getByRole('button', { name: 'More: Second Shop' }).click();
  await page.getByRole('menuitem', { name: 'Suspend' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await expect(row).toContainText('Suspended');
  await expect(siri.link).not.toHaveText('Connected');
  await siri.page.reload();
  await expect(siri.page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
  await page.reload();
  await row.getByRole('button', { name: 'More: Second Shop' }).click();
  await page.getByRole('menuitem', { name: 'Resume' }).click();
  await expect(row).not.toContainText('Suspended');
  await Agent.as(browser, server, 'second@macaw.local', PASSWORD);
});

test('a member of two tenants goes from one to the other', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  await server.admin('operator', server.login);
  await owner.page.reload();
  await owner.goTo('Tenants');
  await owner.page.getByRole('button', { name: 'New tenant' }).click();
  const dialog = owner.page.getByRole('dialog');
  await dialog.getByLabel('Name of the tenant').fill('Second Shop');
  await dialog.getByLabel('E-mail of the owner').fill(server.login);
  await dialog.getByRole('button', { name: 'Save' }).click();
  const link = await dialog.locator('code').innerText();
  await owner.page.keyboard.press('Escape');
  const invited = await (await browser.newContext()).newPage();
  await invited.goto(link);
  await invited.getByLabel('Your name').fill('Owner');
  await invited.getByLabel('Password').fill(server.password);
  await invited.getByRole('button', { name: 'Join' }).click();
  await expect(invited).toHaveURL(/\/sign-in/);

  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('only for the first shop #1');
  await expect(owner.offer).toHaveCount(1);
  await owner.page.reload();
  await owner.page.getByRole('button', { name: /^My account/ }).click();
  await owner.page.getByRole('menuitem', { name: 'Switch to Second Shop' }).click();
  await owner.isConnected();
  await expect(owner.offer).toHaveCount(0);
  await owner.page.getByRole('tab', { name: /^All/ }).click();
  await expect(owner.page.getByRole('tabpanel').getByRole('link')).toHaveCount(0);
  await owner.goTo('Settings');
  await expect(owner.page.getByLabel('Name of the tenant')).toHaveValue('Second Shop');
  await owner.page.reload();
  await expect(owner.page.getByLabel('Name of the tenant')).toHaveValue('Second Shop');
});
