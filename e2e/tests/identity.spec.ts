import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

/** Runs the code that the page shows, as the shop's server would, and gives the token it signs. */
function signed(code: string, secret: string, customer: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'macaw-sign-'));
  try {
    const file = join(folder, 'sign.mjs');
    writeFileSync(file, `${code}\nprocess.stdout.write(identity(${JSON.stringify(customer)}));\n`);
    return execFileSync(process.execPath, [file], { env: { MACAW_SECRET: secret } }).toString();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const identify = (page: Page, jwt: string) =>
  page.evaluate(
    (token) =>
      new Promise<string>((told) => {
        const { macaw } = window as unknown as { macaw: (...all: unknown[]) => void };
        macaw('on', 'identity', told);
        macaw('identify', token);
      }),
    jwt,
  );

test('a secret is made, shown once, used by a shop, replaced and removed', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const { page } = owner;
  const open = async () => {
    await page.getByRole('button', { name: 'Signed-in customers' }).first().click();
    return page.getByRole('dialog');
  };
  const codes = (at: Awaited<ReturnType<typeof open>>) => at.locator('code');
  await owner.goTo('Sites');
  let dialog = await open();
  await expect(dialog.getByRole('status')).toHaveText('Off: visitors are known by their browser alone.');
  await dialog.getByRole('button', { name: 'Make a secret' }).click();
  await expect(dialog.getByRole('status')).toContainText('On (HS256)');
  const secret = await codes(dialog).first().innerText();
  const code = await codes(dialog).nth(1).innerText();
  await expect(codes(dialog).nth(2)).toContainText(`data-site="${server.site}" data-identity="TOKEN"`);
  expect.soft(await faults(page), 'a secret').toEqual([]);

  const shop = async () => {
    const shown = await (await browser.newContext()).newPage();
    await shown.goto(`${server.url}/demo`);
    await shown.getByRole('button', { name: /Open chat/ }).click();
    const visitor = new Visitor(shown, shown.getByRole('dialog').locator('iframe').contentFrame());
    // The home of somebody unknown is there: whoever is recognised now finds the own conversation in its place.
    await expect(visitor.root.getByRole('button', { name: 'Talk to a person' })).toBeVisible();
    return { shown, visitor };
  };
  const jwt = signed(code, secret, { id: 7, name: 'Ann of the shop' });
  const laptop = await shop();
  expect(await identify(laptop.shown, jwt)).toBe('');
  await laptop.visitor.write('it is me #1');
  // The dialog hides the cards from screen readers, so it says itself that one is there.
  await expect(dialog.getByRole('alert').filter({ hasText: 'Ann of the shop' })).toHaveText(
    'New conversation for you: Ann of the shop Close this dialog to accept it.',
  );
  await page.keyboard.press('Escape');
  await owner.accept('it is me #1');
  await expect(page.getByRole('heading', { name: 'Ann of the shop', level: 1 })).toBeVisible();
  const phone = await shop();
  expect(await identify(phone.shown, jwt)).toBe('');
  await phone.visitor.sees('it is me #1');

  // Never again: neither after the dialog was closed nor after a reload.
  await owner.goTo('Sites');
  await page.reload();
  dialog = await open();
  await expect(dialog.getByRole('status')).toContainText('On (HS256)');
  await expect(page.getByText(secret)).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'The old one ends at once' })).toBeVisible();
  expect.soft(await faults(page), 'a new secret').toEqual([]);
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  // Until it is there, the first code is how to sign.
  await expect(dialog.getByText('Shown only now')).toBeVisible();
  const second = await codes(dialog).first().innerText();
  expect(second).not.toBe(secret);
  const stranger = await shop();
  expect(await identify(stranger.shown, signed(code, secret, { id: 7, name: 'Ann' }))).toBe('identity_invalid');
  const tablet = await shop();
  expect(await identify(tablet.shown, signed(code, second, { id: 7, name: 'Ann' }))).toBe('');
  await tablet.visitor.sees('it is me #1');

  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Off: visitors are known by their browser alone.');
  const late = await shop();
  expect(await identify(late.shown, signed(code, second, { id: 8, name: 'Bob' }))).toBe('identity_off');

  const ada = await owner.colleague(browser, server, 'Ada');
  await ada.goTo('Sites');
  await expect(ada.page.getByLabel('Name', { exact: true }).first()).toBeVisible();
  await expect(ada.page.getByRole('button', { name: 'Signed-in customers' })).toHaveCount(0);
});

test('nobody is offered to sign up where it is off', async ({ browser, server }) => {
  const page = await (await browser.newContext()).newPage();
  const asked = page.waitForResponse(/\/auth\/ways$/);
  await page.goto(`${server.url}/sign-in`);
  await asked;
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('link', { name: /Sign up/ })).toHaveCount(0);
  await page.goto(`${server.url}/sign-up`);
  await expect(page.getByRole('alert')).toHaveText('Sign-up is not open here. Please ask for an invitation.');
  expect.soft(await faults(page), 'sign-up, off').toEqual([]);
});

test.describe('where sign-up is on', () => {
  test.use({ signUp: true });

  test('somebody makes a tenant and answers its first visitor', async ({ browser, server }) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}/`);
    await page.getByRole('link', { name: 'No account yet? Sign up' }).click();
    const fill = async (email: string) => {
      await page.getByLabel('Name of your company or shop').fill('Zoe’s Lamps');
      await page.getByLabel('Your name').fill('Zoe');
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill('a password of ten');
      await page.getByRole('button', { name: 'Sign up' }).click();
    };
    expect.soft(await faults(page), 'sign-up').toEqual([]);
    await fill(server.login);
    await expect(page.getByRole('alert')).toHaveText('This address has an account already. Please sign in.');
    await fill('zoe@lamps.example');
    const zoe = new Agent(page);
    await zoe.isConnected();
    await zoe.goTo('Settings');
    await expect(page.getByLabel('Name of the tenant')).toHaveValue('Zoe’s Lamps');
    await expect(page.getByLabel('Time zone', { exact: true })).toHaveValue('Asia/Shanghai');

    const { 0: site } = (await (await page.request.get(`${server.url}/api/v1/sites`)).json()) as { id: string }[];
    const visitor = await (await browser.newContext()).newPage();
    await visitor.goto(`${server.url}/chat/${site?.id}`);
    const panel = new Visitor(visitor);
    await panel.write('Do you sell lamps? #1');
    await zoe.accept('Do you sell lamps? #1');
    await zoe.reply('We do #2');
    await panel.sees('We do #2');

    await Agent.as(browser, server, 'zoe@lamps.example', 'a password of ten');
  });
});
