import { expect, it, vi } from 'vitest';
import { type Attachment, type FileInfo, filesOf, HttpError, sizeText, Tray } from '../src/index.ts';
import { settle } from './world.ts';

type Going = {
  name: string;
  done: (info: FileInfo) => void;
  fail: (error: unknown) => void;
  onProgress: (part: number) => void;
  signal: AbortSignal;
};

function open(limit?: number) {
  const going: Going[] = [];
  const sent: string[] = [];
  let items: readonly Attachment[] = [];
  const urls = { createObjectURL: vi.fn(() => 'blob:x'), revokeObjectURL: vi.fn() };
  const tray = new Tray({
    upload: (_, name, onProgress, signal) =>
      new Promise((done, fail) => {
        going.push({ name, done, fail, onProgress, signal });
      }),
    send: (info) => void sent.push(info.id),
    limit: () => limit,
    onChange: (next) => {
      items = next;
    },
    urls,
  });
  const add = (...names: string[]) => tray.add(names.map((name) => new File(['12345'], name)));
  const states = () => items.map((i) => i.state.at);
  return { tray, going, sent, urls, add, states, items: () => items };
}

const info = (id: string): FileInfo => ({ id, name: id, size: 5, type: 'text/plain' });

it('sends nothing before it is asked to', async () => {
  const { tray, going, sent, add, states } = open();
  add('a');
  going[0]?.onProgress(0.5);
  expect(states()).toEqual(['uploading']);
  going[0]?.done(info('a'));
  await settle();
  expect([states(), sent]).toEqual([['ready'], []]);
  expect(tray.submit()).toBe(true);
  expect([states(), sent]).toEqual([[], ['a']]);
  expect(tray.submit()).toBe(false);
});

it('keeps the order they were chosen in, whichever is there first', async () => {
  const { tray, going, sent, add } = open();
  add('a', 'b');
  tray.submit();
  add('c');
  going[2]?.done(info('c'));
  going[1]?.done(info('b'));
  await settle();
  expect(sent).toEqual([]);
  going[0]?.done(info('a'));
  await settle();
  expect(sent).toEqual(['a', 'b']);
  tray.submit();
  expect(sent).toEqual(['a', 'b', 'c']);
});

it('says why it failed, and tries again', async () => {
  const { tray, going, sent, add, items, states } = open(10);
  add('a');
  going[0]?.fail(new HttpError({ type: '', title: '', status: 507, code: 'quota_exceeded', limit: 99 }));
  await settle();
  expect(items()[0]?.state).toEqual({ at: 'failed', code: 'quota_exceeded', limit: 99 });
  expect(tray.submit()).toBe(false);
  tray.retry(items()[0]?.key ?? -1);
  expect(states()).toEqual(['uploading']);
  going[1]?.done(info('a'));
  await settle();
  expect(sent).toEqual([]);
  tray.submit();
  expect(sent).toEqual(['a']);
});

it('asks nothing of the server for what is empty or too long', async () => {
  const { going, items, add, tray } = open(4);
  add('long');
  tray.add([new File([], 'empty')]);
  await settle();
  expect(going).toEqual([]);
  expect(items().map((i) => i.state)).toEqual([
    { at: 'failed', code: 'too_large', limit: 4 },
    { at: 'failed', code: 'empty' },
  ]);
});

it('forgets what was cancelled, even when its answer comes', async () => {
  const { tray, going, sent, add, items, urls } = open();
  tray.add([new File(['x'], 'a.png', { type: 'image/png' })]);
  add('b');
  expect(items()[0]?.preview).toBe('blob:x');
  tray.submit();
  tray.remove(items()[0]?.key ?? -1);
  expect(going[0]?.signal.aborted).toBe(true);
  expect(urls.revokeObjectURL).toHaveBeenCalledExactlyOnceWith('blob:x');
  going[0]?.done(info('a'));
  going[1]?.done(info('b'));
  await settle();
  expect([sent, items()]).toEqual([['b'], []]);
});

it('takes ten at once', () => {
  const { add, items } = open();
  expect(add(...Array.from({ length: 12 }, (_, n) => `f${n}`))).toBe(2);
  expect(items()).toHaveLength(10);
});

it('tells sizes as people know them', () => {
  expect([0, 999, 1000, 20_480, 1_500_000, 20 * 1024 * 1024, 3 * 1024 ** 3].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '1 KB',
    '20 KB',
    '1.4 MB',
    '20 MB',
    '3 GB',
  ]);
});

it('takes the text of a paste from an office program, and files otherwise', () => {
  const picture = new File(['x'], 'image.png', { type: 'image/png' });
  const data = (types: string[], files: File[]) => ({ types, files }) as unknown as DataTransfer;
  expect(filesOf(null)).toEqual([]);
  expect(filesOf(data(['Files'], [picture]))).toEqual([picture]);
  expect(filesOf(data(['text/html', 'Files'], [picture]))).toEqual([picture]);
  expect(filesOf(data(['text/plain', 'text/html', 'text/rtf', 'Files'], [picture]))).toEqual([]);
});
