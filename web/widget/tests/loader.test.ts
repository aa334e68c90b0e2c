import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callFor } from '../loader/title.ts';
import { createWidget, type Widget } from '../loader/widget.ts';

const origin = 'https://chat.example';
const flush = () => new Promise((done) => setTimeout(done, 0));
const shadow = () => document.getElementById('macaw-widget')?.shadowRoot;
const launcher = () => shadow()?.querySelector('button');

beforeEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
  // happy-dom reports each iframe that it was told not to load.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.unstubAllGlobals());

async function start(answer: () => Promise<Response>): Promise<[Widget, ReturnType<typeof vi.fn>]> {
  const fetched = vi.fn(answer);
  vi.stubGlobal('fetch', fetched);
  const widget = createWidget(origin, 's1');
  await flush();
  await flush();
  return [widget, fetched];
}

it('asks for one thing and makes no iframe before the first click', async () => {
  const [, fetched] = await start(() =>
    Promise.resolve(Response.json({ title: 'Shop', colour: '#123456', corner: 'left' })),
  );
  expect(fetched.mock.calls.map((c) => c[0])).toEqual([`${origin}/api/v1/visitor/site/s1?lang=en`]);
  expect(shadow()?.querySelector('iframe')).toBeNull();
  expect(document.getElementById('macaw-widget')?.className).toBe('left');
  launcher()?.click();
  const src = shadow()?.querySelector('iframe')?.getAttribute('src');
  expect(src).toContain(`${origin}/chat/s1?embed=1&host=`);
  expect(launcher()?.getAttribute('aria-expanded')).toBe('true');
});

it('draws nothing for a site that is refused, and still works when the request is blocked', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await start(() => Promise.resolve(new Response('{}', { status: 404 })));
  expect(launcher()).toBeUndefined();
  await start(() => Promise.reject(new TypeError('blocked by CSP')));
  expect(launcher()).toBeTruthy();
});

it('closes with Escape and gives the focus back', async () => {
  const [widget] = await start(() => Promise.resolve(Response.json({})));
  const closed = vi.fn();
  widget.on('close', closed);
  widget.open();
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  expect(launcher()?.getAttribute('aria-expanded')).toBe('false');
  expect(closed).toHaveBeenCalledOnce();
});

it('believes the unread count of its own iframe only', async () => {
  const [widget] = await start(() => Promise.resolve(Response.json({})));
  widget.open();
  const source = shadow()?.querySelector('iframe')?.contentWindow ?? null;
  const data = { macaw: 1, site: 's1', type: 'unread', count: 3 };
  const post = (init: MessageEventInit) =>
    window.dispatchEvent(new MessageEvent('message', { data, origin, source, ...init }));
  const badge = () => shadow()?.querySelector('.badge')?.textContent;
  post({ origin: 'https://evil.example' });
  post({ source: window as never });
  expect(badge()).toBe('');
  post({});
  expect(badge()).toBe('3');
});

it('hands the identity to its own panel once that is ready, and tells what became of it', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(Response.json({}))),
  );
  const widget = createWidget(origin, 's1', 'first.jwt');
  await flush();
  await flush();
  widget.open();
  const posted = vi.fn();
  const panel = { postMessage: posted } as never;
  // The test's browser loads no frames.
  Object.defineProperty(shadow()?.querySelector('iframe'), 'contentWindow', { value: panel });
  const hear = (data: object) =>
    window.dispatchEvent(
      new MessageEvent('message', { data: { macaw: 1, site: 's1', ...data }, origin, source: panel }),
    );
  const said = () => posted.mock.calls.filter(([data]) => data.type === 'identify');
  widget.identify('second.jwt');
  expect(said()).toEqual([]);
  hear({ type: 'ready' });
  expect(said()).toEqual([[{ type: 'identify', identity: 'second.jwt', macaw: 1, site: 's1' }, origin]]);
  widget.identify(null);
  expect(said()[1]?.[0]).toMatchObject({ identity: null });
  const codes: unknown[] = [];
  widget.on('identity', (code) => codes.push(code));
  hear({ type: 'identity', code: 'identity_expired' });
  expect(codes).toEqual(['identity_expired']);
});

it('takes turns with the title of a page that nobody looks at, and gives it back', async () => {
  vi.useFakeTimers();
  let hidden = true;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  document.title = 'Lamps';
  callFor(2, '(2) New message');
  vi.advanceTimersByTime(1300);
  expect(document.title).toBe('(2) New message');
  vi.advanceTimersByTime(1200);
  expect(document.title).toBe('Lamps');
  document.title = 'Vases';
  vi.advanceTimersByTime(1200);
  hidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(document.title).toBe('Vases');
  vi.advanceTimersByTime(5000);
  expect(document.title).toBe('Vases');
  vi.useRealTimers();
});
