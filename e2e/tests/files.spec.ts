import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { Agent, expect, test, Visitor } from '../people.ts';

/** A picture of one colour, as a browser or a phone would send it. */
function png(width: number, height: number, colour: [number, number, number]): Buffer {
  const part = (name: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    const named = Buffer.concat([Buffer.from(name), body]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(colour))]);
  const lines = Buffer.concat(Array.from({ length: height }, () => line));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, part('IHDR', head), part('IDAT', deflateSync(lines)), part('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const picture = { name: 'broken cup.png', mimeType: 'image/png', buffer: png(600, 300, [229, 56, 59]) };
const invoice = { name: '发票 #7.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n% an invoice\n') };

const choose = (page: Page, file: typeof picture) => page.locator('input[type=file]').setInputFiles(file);
const loaded = (page: Page, name: string) =>
  expect
    .poll(() =>
      page
        .getByRole('button', { name: `Open picture ${name}` })
        .locator('img')
        .evaluateAll((all) => all.map((img) => (img as HTMLImageElement).naturalWidth > 0)),
    )
    .toEqual([true]);

/** As a person's paste into the text or drop on the page, with a file in it. True when the page took it. */
function hand(page: Page, kind: 'paste' | 'drop', name: string, content: string | number): Promise<boolean> {
  return page.evaluate(
    ({ kind, name, content }) => {
      const data = new DataTransfer();
      data.items.add(new File([typeof content === 'number' ? new Uint8Array(content) : content], name));
      const init = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data });
      return !document.querySelector(kind === 'paste' ? 'textarea' : 'main')?.dispatchEvent(event);
    },
    { kind, name, content },
  );
}

test('a picture to the agent, a document back, and both are there once after a reload', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  const refused: string[] = [];
  for (const { page } of [agent, visitor]) {
    page.on('console', (said) => said.text().includes('Content Security Policy') && refused.push(said.text()));
  }

  await test.step('the visitor chooses a picture, looks at it and sends it', async () => {
    await choose(visitor.page, picture);
    const waiting = visitor.root.getByRole('list', { name: 'Files to send' });
    await expect(waiting).toContainText('ready to send');
    await expect(visitor.log.getByRole('button', { name: /^Open picture/ })).toHaveCount(0);
    await visitor.send.click();
    await expect(waiting).toHaveCount(0);
    await loaded(visitor.page, 'broken cup.png');
  });

  await test.step('the agent is rung, sees it in the list and in the conversation', async () => {
    await agent.accept('broken cup.png');
    await loaded(agent.page, 'broken cup.png');
    await expect(agent.page.getByRole('tabpanel').getByRole('link')).toContainText('[picture] broken cup.png');
    await agent.page.getByRole('button', { name: 'Open picture broken cup.png' }).click();
    const large = agent.page.getByRole('dialog', { name: 'broken cup.png' });
    await expect(large.getByRole('img')).toHaveJSProperty('naturalWidth', 600);
    await agent.page.keyboard.press('Escape');
    await expect(large).toHaveCount(0);
  });

  await test.step('the agent sends a document with a word', async () => {
    await choose(agent.page, invoice);
    await expect(agent.page.getByRole('list', { name: 'Files to send' })).toContainText('ready to send');
    await agent.reply('Here is the invoice #2');
    await visitor.sees('Here is the invoice #2');
  });

  await test.step('the visitor saves it, byte for byte and under its name', async () => {
    const saving = visitor.page.waitForEvent('download');
    await visitor.log.getByRole('button', { name: /^Download 发票 #7.pdf/ }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('发票 #7.pdf');
    expect(readFileSync(await saved.path())).toEqual(invoice.buffer);
    await visitor.log.getByRole('button', { name: 'Open picture broken cup.png' }).click();
    const large = visitor.root.getByRole('dialog', { name: 'broken cup.png' });
    await expect(large.getByRole('img')).toHaveJSProperty('naturalWidth', 600);
    await large.getByRole('button', { name: 'Close picture' }).click();
    await expect(large).toHaveCount(0);
  });

  await test.step('both reload and see both, once', async () => {
    await Promise.all([agent.page.reload(), visitor.page.reload()]);
    for (const { page } of [agent, visitor]) await loaded(page, 'broken cup.png');
    await expect(visitor.log.getByRole('button', { name: /^Download/ })).toHaveCount(1);
    const card = agent.log.getByRole('link', { name: /^Download 发票 #7.pdf/ });
    await expect(card).toHaveCount(1);
    const saving = agent.page.waitForEvent('download');
    await card.click();
    expect(readFileSync(await (await saving).path())).toEqual(invoice.buffer);
  });

  await test.step('nothing asked for what the policy of the page forbids', () => expect(refused).toEqual([]));
});

test('what is pasted and dropped is taken, what is wrong is said in words', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('hello #1');
  await agent.accept('hello #1');
  const waiting = visitor.root.getByRole('list', { name: 'Files to send' });

  await test.step('a program is refused, and goes when it is taken back', async () => {
    expect(await hand(visitor.page, 'drop', 'photo.jpg.exe', 'hello')).toBe(true);
    await expect(waiting.getByRole('alert')).toHaveText('This kind of file is not accepted');
    await waiting.getByRole('button', { name: 'Remove photo.jpg.exe' }).click();
    await expect(waiting).toHaveCount(0);
  });

  await test.step('one that is too large never leaves the browser', async () => {
    const asked: string[] = [];
    visitor.page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    await hand(visitor.page, 'drop', 'film.mp4', 20 * 1024 * 1024 + 1);
    await expect(waiting.getByRole('alert')).toHaveText('Too large. The limit is 20 MB');
    await waiting.getByRole('button', { name: 'Remove film.mp4' }).click();
    expect(asked).toEqual([]);
  });

  await test.step('an upload that the network loses can be tried again', async () => {
    await visitor.page.route('**/api/v1/visitor/files?*', (route) => route.abort(), { times: 1 });
    expect(await hand(visitor.page, 'paste', 'list.txt', 'one, two')).toBe(true);
    await waiting.getByRole('button', { name: 'Upload list.txt again' }).click();
    await expect(waiting).toContainText('ready to send');
    await visitor.box.press('Enter');
    await expect(agent.log.getByRole('link', { name: /^Download list.txt/ })).toHaveCount(1);
    await expect(visitor.log.getByRole('button', { name: /^Download list.txt/ })).toHaveCount(1);
  });

  await test.step('the agent pastes too, and a note takes no file', async () => {
    expect(await hand(agent.page, 'paste', 'answer.txt', 'three')).toBe(true);
    await expect(agent.page.getByRole('list', { name: 'Files to send' })).toContainText('ready to send');
    await agent.note('not with a file #2');
    await agent.sees('not with a file #2');
    await expect(agent.log.getByRole('link', { name: /^Download answer.txt/ })).toHaveCount(0);
    await agent.page.getByRole('group', { name: 'Kind of message' }).getByRole('button', { name: 'Reply', exact: true }).click();
    await agent.page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(visitor.log.getByRole('button', { name: /^Download answer.txt/ })).toHaveCount(1);
  });

  await test.step('a picture stays in its frame on a phone', async () => {
    await visitor.page.setViewportSize({ width: 320, height: 568 });
    await choose(visitor.page, { ...picture, name: 'wide.png', buffer: png(900, 60, [21, 112, 239]) });
    await expect(waiting).toContainText('ready to send');
    await visitor.send.click();
    await loaded(visitor.page, 'wide.png');
    const box = await visitor.log.getByRole('button', { name: 'Open picture wide.png' }).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 320).toBe(true);
    expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
