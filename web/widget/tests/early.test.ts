import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Chat } from '../panel/chat.ts';
import { Early } from '../panel/early.ts';
import { SiteNews } from '../panel/site.ts';
import { memory, site } from './world.tsx';

const where = { site: 's', embedded: false, hostOrigin: null, lang: 'en', preview: false };
const host = { say: () => {}, onShown: () => {}, onIdentify: () => {} };
const session = { token: 'T', visitor: 'v', conversation: 'c', expires_at: Date.now() + 30 * 86_400_000 };

class Silent {
  static sent: { op: string; text?: string; client_id?: string }[] = [];
  readyState = 1;
  onmessage: ((event: { data: string }) => void) | null = null;
  constructor() {
    const welcome = {
      t: 'welcome',
      version: 1,
      epoch: 'e',
      heartbeat_ms: 25_000,
      me: { kind: 'visitor', id: 'v' },
    };
    queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(welcome) }));
  }
  send(data: string) {
    Silent.sent.push(JSON.parse(data));
  }
  close() {}
}

beforeEach(() => {
  Silent.sent = [];
  vi.stubGlobal('WebSocket', Silent);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('the first message, written before the session is there, is shown, kept and sent once', async () => {
  let answer = (_: Response) => {};
  vi.stubGlobal('fetch', (url: string) =>
    url.endsWith('/session')
      ? new Promise<Response>((resolve) => {
          answer = resolve;
        })
      : Promise.resolve(Response.json(site)),
  );
  const storage = memory();
  const chat = new Chat(where, storage, host);
  const started = chat.start();
  chat.send('hello');
  expect(chat.state.view?.pending).toMatchObject([{ text: 'hello', status: 'sending' }]);
  // A reload in this moment loses nothing.
  expect(new Chat(where, storage, host).state.view?.pending).toMatchObject([{ text: 'hello' }]);
  await vi.waitFor(() => answer(Response.json(session)));
  await started;
  await vi.waitFor(() => expect(Silent.sent.filter((f) => f.op === 'send')).toHaveLength(1));
  expect(Silent.sent.find((f) => f.op === 'send')?.text).toBe('hello');
  expect(chat.state.view?.pending).toHaveLength(1);
  expect(new Early(storage, 'macaw:s:early').size).toBe(0);
});

it('what two tabs kept is one message: the ids are the same', () => {
  const storage = memory();
  new Early(storage, 'k').add('hello');
  const [one, two] = [new Early(storage, 'k').take(), new Early(storage, 'k')];
  expect(one).toMatchObject([{ text: 'hello' }]);
  expect(two.size).toBe(0);
  expect(one[0]?.client_id).toMatch(/^[0-9a-f-]{36}$/);
});

it('the site is read again when asked, at most once in five seconds', async () => {
  vi.useFakeTimers();
  const get = vi.fn(() => Promise.resolve({ ...site, online: false }));
  const tell = vi.fn();
  const news = new SiteNews('s', tell, { get: get as never });
  for (let i = 0; i < 3; i++) news.refresh();
  await vi.advanceTimersByTimeAsync(1);
  expect(get).toHaveBeenCalledOnce();
  expect(tell).toHaveBeenCalledWith(expect.objectContaining({ online: false }));
  news.refresh();
  await vi.advanceTimersByTimeAsync(4000);
  expect(get).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1500);
  expect(get).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});

it('a file that is chosen before the session is there waits for it and stays', async () => {
  let answer = (_: Response) => {};
  const session_ = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  vi.stubGlobal('fetch', (url: string) =>
    url.endsWith('/session') ? session_.then((r) => r.clone()) : Promise.resolve(Response.json(site)),
  );
  const uploads: Upload[] = [];
  class Upload {
    upload: { onprogress?: unknown } = {};
    headers: Record<string, string> = {};
    status = 201;
    responseText = JSON.stringify({ id: 'f1', name: 'a.txt', size: 1, type: 'text/plain' });
    onload = () => {};
    open() {}
    setRequestHeader(name: string, value: string) {
      this.headers[name] = value;
    }
    send() {
      uploads.push(this);
      queueMicrotask(() => this.onload());
    }
  }
  vi.stubGlobal('XMLHttpRequest', Upload);
  const chat = new Chat(where, memory(), host);
  const started = chat.start();
  chat.attach([new File(['x'], 'a.txt')]);
  expect(uploads).toHaveLength(0);
  answer(Response.json(session));
  await started;
  await vi.waitFor(() => expect(chat.tray.list()).toMatchObject([{ name: 'a.txt', state: { at: 'ready' } }]));
  expect(uploads.map((u) => u.headers.Authorization)).toEqual(['Bearer T']);
});
