import { createHmac } from 'node:crypto';
import type { Page } from '@playwright/test';
import { Agent, expect, test, Visitor } from '../people.ts';
import { watched } from '../watched.ts';

test.use({ chat: { engine: 'knowledge' } });

/** Named, so that what runs says where it came from; kept short enough for every field. */
const script = (field: string) => `${field}<img src=x onerror=ran.push('${field}')>`;
const fileName = `bill${script('file')}.txt`;
/** What a file system may refuse has been replaced by then. */
const keptName = /bill.*img src=x onerror=ran\.push.*\.txt/;
const download = new RegExp(`^Download ${keptName.source}`);

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The word of a shop's server about its customer, signed as docs/guide/identity.md shows. */
function customer(site: string, secret: string, claims: object): string {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ aud: site, exp, ...claims })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** Elements of all frames that a script could have come from. */
const planted = async (page: Page) => {
  const counts = await Promise.all(page.frames().map((frame) => frame.locator('[onerror]').count()));
  return counts.reduce((sum, count) => sum + count, 0);
};

test('a script in any name or greeting is text to visitors and to agents', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const { page } = owner;
  const headers = { 'X-Macaw': '1' };
  const write = async (method: 'post' | 'put', path: string, data?: object) => {
    const answer = await page.request[method](`${server.url}/api/v1/${path}`, { headers, data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer;
  };
  const entry = { question: script('cages'), alternatives: [script('washing')], answer: script('Every Friday.') };
  // In every language.
  const look = { corner: 'right', title: '', face: 'initial', powered: true, languages: [] };
  const site = { name: script('site'), greeting: script('greeting'), suggestions: [entry.question] };
  await write('put', `sites/${server.site}`, { ...site, domains: [], colour: '#112233', typing_preview: true, look });
  await write('put', 'tenant', { name: script('tenant') });
  await write('post', 'knowledge', entry);
  const { secret } = (await (await write('post', `sites/${server.site}/identity`)).json()) as { secret: string };
  const ann = { sub: script('sub'), name: script('Ann'), email: script('ann@shop.example') };
  const eveName = script('Eve');
  const invited = await page.request.post(`${server.url}/api/v1/invitations`, { headers, data: { email: 'eve@macaw.local', role: 'agent' } });
  const token = ((await invited.json()) as { link: string }).link.split('#')[1] ?? '';
  await write('post', 'invitations/accept', { token, name: eveName, password: 'a password of ten' });
  const eve = await Agent.as(browser, server, 'eve@macaw.local', 'a password of ten');

  const shop = await browser.newContext();
  const shown = await shop.newPage();
  const [ranAtOwner, ranAtEve, ranAtShop] = await Promise.all([page, eve.page, shown].map((p) => watched(p.context())));
  await Promise.all([page.reload(), eve.page.reload()]);
  await Promise.all([owner.isConnected(), eve.isConnected()]);
  await owner.setAvailability('Busy');

  // The widget on a page that says who its customer is.
  await shown.goto(`${server.url}/demo`);
  await shown.getByRole('button', { name: /Open chat/ }).click();
  await shown.evaluate((jwt) => (window as unknown as { macaw: (...all: string[]) => void }).macaw('identify', jwt), customer(server.site, secret, ann));
  const visitor = new Visitor(shown, shown.getByRole('dialog').locator('iframe').contentFrame());

  await test.step('in the widget', async () => {
    await expect(visitor.root.getByRole('heading', { name: site.name, exact: true })).toBeVisible();
    await expect(visitor.root.getByRole('heading', { name: site.greeting, exact: true })).toBeVisible();
    await visitor.root.getByRole('button', { name: entry.question, exact: true }).click();
    await expect(visitor.message(`You: ${entry.question}`)).toBeVisible();
    const answer = visitor.message(entry.answer);
    await expect(answer).toHaveCount(1);
    await expect(answer.getByRole('list', { name: 'Sources' })).toHaveText(entry.question);
    const file = { name: fileName, mimeType: 'text/plain', buffer: Buffer.from('a bill') };
    await shown.frames()[1]?.locator('input[type=file]').setInputFiles(file);
    await expect(visitor.root.getByRole('list', { name: 'Files to send' })).toContainText('ready to send');
    await visitor.send.click();
    await expect(visitor.log.getByRole('button', { name: download })).toBeVisible();
  });

  await test.step('in the workbench, as it rings and in the conversation', async () => {
    await expect(eve.offer).toContainText(ann.name);
    await eve.accept('bill');
    await expect(visitor.status).toHaveText(`You are talking to ${eveName}`);
    await expect(eve.page.getByRole('heading', { name: ann.name, level: 1, exact: true })).toBeVisible();
    await expect(eve.page.getByRole('complementary')).toContainText(site.name);
    await expect(eve.log.getByRole('link', { name: download })).toBeVisible();
    await expect(eve.message(entry.answer).getByRole('link', { name: entry.question })).toBeVisible();
    await eve.note(script('note'));
    await eve.reply(script('reply'));
    await visitor.sees(script('reply'));
    await owner.opens('All', script('reply'));
    await owner.sees(script('note'));
    await expect(page.getByText(`${eveName} is answering. Take over to reply`)).toBeVisible();
  });

  await test.step('on the pages of the workbench', async () => {
    await owner.goTo('Knowledge');
    await page.getByRole('searchbox', { name: 'Search questions and answers' }).fill('washing');
    await page.getByRole('button', { name: /cages/ }).first().click();
    await expect(page.getByRole('dialog').getByLabel('Question', { exact: true })).toHaveValue(entry.question);
    await expect(page.getByRole('dialog')).toContainText(entry.alternatives[0] ?? '');
    await page.keyboard.press('Escape');
    await owner.goTo('Members');
    await expect(page.getByRole('listitem').filter({ hasText: 'eve@macaw.local' })).toContainText(eveName);
    await owner.goTo('Sites');
    await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue(site.name);
    await owner.goTo('Settings');
    await expect(page.getByLabel('Name of the tenant')).toHaveValue(script('tenant'));
  });

  await test.step('again, after a reload', async () => {
    await Promise.all([eve.page.reload(), shown.reload()]);
    await eve.sees(script('note'));
    await shown.getByRole('button', { name: /Open chat/ }).click();
    await visitor.sees(script('reply'));
    await expect(visitor.status).toHaveText(`You are talking to ${eveName}`);
  });

  for (const [at, ran] of [[page, ranAtOwner], [eve.page, ranAtEve], [shown, ranAtShop]] as const) {
    expect(await planted(at)).toBe(0);
    expect(await ran?.(at)).toEqual([]);
  }
});
