import { Tray } from '@macaw/client';
import type { ComponentChildren } from 'preact';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Chat } from '../panel/chat.ts';
import { Context } from '../panel/context.ts';
import { FileUrls } from '../panel/files.ts';
import { safeStorage } from '../panel/keep.ts';
import { AttachmentView } from '../panel/parts/attachment.tsx';
import { Composer } from '../panel/parts/composer.tsx';
import { wordsFor } from '../panel/words.ts';

const storage = safeStorage(() => {
  throw new Error('memory');
});
const where = { site: 's', embedded: true, hostOrigin: null, lang: 'en', preview: false };
let root: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = '<div id="root"></div>';
  root = document.getElementById('root') as HTMLElement;
});

async function show(chat: Partial<Chat>, children: ComponentChildren) {
  const value = { chat: chat as Chat, words: wordsFor('en'), where, storage };
  await act(() => render(<Context.Provider value={value}>{children}</Context.Provider>, root));
}

const button = (name: string) => {
  const nameOf = (b: Element) => b.getAttribute('aria-label') ?? b.textContent;
  const found = [...root.querySelectorAll('button')].find((b) => nameOf(b) === name);
  if (!found) throw new Error(`no button ${name}`);
  return found;
};

/** A composer over a real tray, whose uploads end when the test says so. */
async function composer() {
  const sent: string[] = [];
  const uploads: { done: (id: string) => void; fail: (error: unknown) => void }[] = [];
  const listeners = new Set<() => void>();
  const chat = {
    state: {
      phase: { at: 'ready' },
      site: null,
      view: null,
      link: { at: 'idle' },
      handing: 'no',
      attachments: [],
      attachNote: false,
    },
    send: (text: string) => sent.push(text),
    typing: () => {},
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onShown: () => {},
    onIdentify: () => {},
    attach: (files: Iterable<File>) => void tray.add(files),
  } as unknown as Chat;
  const tray = new Tray({
    upload: (_, name) =>
      new Promise((resolve, fail) => {
        const done = (id: string) => resolve({ id, name, size: 1, type: 'text/plain' });
        uploads.push({ done, fail });
      }),
    send: (info) => void sent.push(`file ${info.id}`),
    limit: () => 5,
    onChange: (attachments) => {
      chat.state = { ...chat.state, attachments };
      for (const listener of listeners) listener();
    },
  });
  Object.assign(chat, { tray });
  await show(chat, <Composer />);
  const paste = async (file: File) => {
    const event = new Event('paste', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files: [file], types: ['Files'] } });
    await act(() => void root.querySelector('textarea')?.dispatchEvent(event));
    return event.defaultPrevented;
  };
  return { sent, uploads, paste };
}

it('uploads what is pasted and sends it when asked, once', async () => {
  const { sent, uploads, paste } = await composer();
  expect(button('Send').disabled).toBe(true);
  expect(await paste(new File(['x'], 'a.txt'))).toBe(true);
  expect(root.querySelector('progress')?.getAttribute('aria-label')).toBe('Uploading a.txt');
  await act(async () => uploads[0]?.done('f1'));
  expect(root.textContent).toContain('ready to send');
  expect(sent).toEqual([]);
  await act(() => button('Send').click());
  expect(sent).toEqual(['file f1']);
  expect(root.querySelector('.tray')).toBeNull();
});

it('says in words what is wrong, and offers to try again where that helps', async () => {
  const { uploads, paste } = await composer();
  await paste(new File(['123456'], 'long.txt'));
  expect(root.querySelector('[role=alert]')?.textContent).toBe('Too large. The limit is 5 B');
  expect(root.textContent).not.toContain('again');
  expect(button('Send').disabled).toBe(true);
  await act(() => button('Remove long.txt').click());
  await paste(new File(['x'], 'a.txt'));
  await act(async () => uploads[0]?.fail(new Error('lost')));
  expect(root.querySelector('[role=alert]')?.textContent).toBe('Upload failed. Please try again');
  await act(() => button('Upload a.txt again').click());
  expect(uploads).toHaveLength(2);
});

it('shows a file as a card that is saved under its name', async () => {
  const file = vi.fn(async () => 'blob:x');
  const clicked: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    clicked.push(`${this.download} ${this.getAttribute('href')}`);
  });
  const info = { id: 'f', name: '<b>发票</b>.pdf', size: 2048, type: 'application/pdf' };
  await show({ file }, <AttachmentView file={info} />);
  expect(root.querySelector('b')).toBeNull();
  await act(async () => button('Download<b>发票</b>.pdf 2 KB').click());
  expect(file).toHaveBeenCalledExactlyOnceWith('f');
  expect(clicked).toEqual(['<b>发票</b>.pdf blob:x']);
  click.mockRestore();
});

it('asks for a thumbnail once it is in sight, and becomes a card when it is lost', async () => {
  let see = () => {};
  class Observer {
    constructor(seen: (entries: { isIntersecting: boolean }[]) => void) {
      see = () => seen([{ isIntersecting: true }]);
    }
    observe() {}
    disconnect() {}
  }
  vi.stubGlobal('IntersectionObserver', Observer);
  const info = { id: 'p', name: 'a.png', size: 9, type: 'image/png', width: 40, height: 20 };
  const file = vi.fn(async () => 'blob:thumb');
  await show({ file }, <AttachmentView file={info} />);
  expect(file).not.toHaveBeenCalled();
  await act(async () => see());
  expect(file).toHaveBeenCalledExactlyOnceWith('p', true);
  expect(root.querySelector('img')?.getAttribute('src')).toBe('blob:thumb');
  render(null, root);
  await show({ file: () => Promise.reject(new Error('gone')) }, <AttachmentView file={info} />);
  await act(async () => see());
  expect(button('Downloada.png 9 B')).toBeTruthy();
  vi.unstubAllGlobals();
});

it('fetches a file once, again after a failure, and holds a bounded number', async () => {
  let n = 0;
  const urls = { createObjectURL: () => `blob:${n++}`, revokeObjectURL: vi.fn() };
  const fetch = vi.fn(async (_: string) => new Blob());
  const files = new FileUrls(fetch, urls);
  expect(await files.of('a/b', true)).toBe('blob:0');
  expect(await files.of('a/b', true)).toBe('blob:0');
  expect(fetch).toHaveBeenCalledExactlyOnceWith('/api/v1/visitor/files/a%2Fb?thumb=1');
  fetch.mockRejectedValueOnce(new Error('lost'));
  await expect(files.of('c', false)).rejects.toThrow('lost');
  expect(await files.of('c', false)).toBe('blob:1');
  for (let i = 0; i < 60; i++) await files.of(`x${i}`, false);
  expect(urls.revokeObjectURL).toHaveBeenCalledWith('blob:0');
});
