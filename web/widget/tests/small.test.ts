import { HttpError } from '@macaw/client';
import { describe, expect, it, vi } from 'vitest';
import { brandOf, contrast } from '../panel/colour.ts';
import { connectHost } from '../panel/host.ts';
import { safeStorage } from '../panel/keep.ts';
import { pieces } from '../panel/links.ts';
import { Identity } from '../panel/token.ts';
import { readWhere } from '../panel/where.ts';

describe('links', () => {
  it('shows host and path, and leaves the sentence its full stop', () => {
    expect(pieces('看 https://a.example/b?c=1。谢谢')).toEqual([
      { kind: 'text', text: '看 ' },
      { kind: 'link', text: 'a.example/b?c=1', href: 'https://a.example/b?c=1' },
      { kind: 'text', text: '。谢谢' },
    ]);
    expect(pieces('(http://a.example).').map((p) => p.text)).toEqual(['(', 'a.example', ').']);
  });

  it('makes no link of scripts', () => {
    expect(pieces('javascript:alert(1) data:text/html,x')).toHaveLength(1);
  });
});

it.each([
  '#1570EF',
  '#F5B700',
  '#E5383B',
  '#ffffff',
  '#000000',
  '#7FFFD4',
  'nonsense',
])('%s stays readable', (c) => {
  const brand = brandOf(c);
  const rgb = (s: string) => (s.match(/\d+/g) ?? []).map(Number) as [number, number, number];
  expect(contrast(rgb(brand.brand), rgb(brand.onBrand))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(rgb(brand.textLight), [246, 247, 249])).toBeGreaterThanOrEqual(4.5);
  expect(contrast(rgb(brand.textDark), [24, 27, 33])).toBeGreaterThanOrEqual(4.5);
});

it('reads the site from the address', () => {
  expect(readWhere('/chat/s1', '?embed=1&host=https%3A%2F%2Fshop', ['en-GB'])).toEqual({
    site: 's1',
    embedded: true,
    hostOrigin: 'https://shop',
    lang: 'en-GB',
    preview: false,
  });
});

it('falls back to memory where storage is forbidden', () => {
  const storage = safeStorage(() => {
    throw new Error('SecurityError');
  });
  storage.setItem('a', '1');
  expect(storage.getItem('a')).toBe('1');
});

describe('identity', () => {
  const DAY = 86_400_000;
  const session = (token: string, days: number) => ({
    token,
    visitor: 'v',
    conversation: 'c',
    expires_at: days * DAY,
  });
  const storageWith = (value?: unknown) => {
    const storage = safeStorage(() => {
      throw new Error('memory');
    });
    if (value) storage.setItem('macaw:s:token', JSON.stringify(value));
    return storage;
  };

  it('keeps a good token and renews one near its end with the old one', async () => {
    const post = vi.fn(() => Promise.resolve(session('new', 60)));
    const good = new Identity('s', storageWith(session('old', 30)), { post: post as never }, () => 0);
    expect((await good.ensure()).token).toBe('old');
    const near = new Identity('s', storageWith(session('old', 6)), { post: post as never }, () => 0);
    expect((await near.ensure()).token).toBe('new');
    expect(post).toHaveBeenCalledExactlyOnceWith('/api/v1/visitor/session', { site: 's', token: 'old' });
  });

  it('starts anew when the old token cannot be exchanged, but not when the network is down', async () => {
    const refuse = (status: number) => new HttpError({ type: '', title: '', status, code: '' });
    const post = vi.fn().mockRejectedValueOnce(refuse(401)).mockResolvedValueOnce(session('new', 60));
    const identity = new Identity('s', storageWith(session('old', 1)), { post }, () => 0);
    expect((await identity.ensure()).token).toBe('new');
    expect(post).toHaveBeenLastCalledWith('/api/v1/visitor/session', { site: 's' });
    const down = vi.fn().mockRejectedValue(refuse(0));
    const offline = new Identity('s', storageWith(session('old', 1)), { post: down }, () => 0);
    await expect(offline.ensure()).rejects.toThrow();
    expect(down).toHaveBeenCalledTimes(1);
  });
});

describe('a customer', () => {
  const session = (token: string) => ({ token, visitor: 'v', conversation: 'c', expires_at: 9e12 });
  const memory = () =>
    safeStorage(() => {
      throw new Error('memory');
    });

  it('takes along what this device was, and is kept', async () => {
    const post = vi.fn((_: string, body?: unknown) =>
      Promise.resolve(session((body as { identity?: string }).identity ?? 'anonymous')),
    );
    const storage = memory();
    const identity = new Identity('s', storage, { post: post as never }, () => 0);
    await identity.ensure();
    expect((await identity.identify('a.jwt')).token).toBe('a.jwt');
    const body = { site: 's', identity: 'a.jwt', token: 'anonymous' };
    expect(post).toHaveBeenLastCalledWith('/api/v1/visitor/session', body);
    expect(new Identity('s', storage, { post: post as never }, () => 0).current()?.token).toBe('a.jwt');
  });

  it('who leaves is forgotten: the next session names no old token', async () => {
    const post = vi.fn(() => Promise.resolve(session('new')));
    const storage = memory();
    const identity = new Identity('s', storage, { post: post as never }, () => 0);
    await identity.identify('a.jwt');
    await identity.forget();
    expect(post).toHaveBeenLastCalledWith('/api/v1/visitor/session', { site: 's' });
  });

  it('that is refused leaves everything as it was', async () => {
    const refused = new HttpError({ type: '', title: '', status: 401, code: 'identity_expired' });
    const post = vi.fn().mockResolvedValueOnce(session('anonymous')).mockRejectedValueOnce(refused);
    const identity = new Identity('s', memory(), { post }, () => 0);
    await identity.ensure();
    await expect(identity.identify('late.jwt')).rejects.toBe(refused);
    expect(identity.current()?.token).toBe('anonymous');
  });
});

it('listens to its own parent and origin only', () => {
  const heard: boolean[] = [];
  const identities: (string | null)[] = [];
  const parent = { postMessage: vi.fn() };
  let listener: (event: unknown) => void = () => {};
  const view = { parent, addEventListener: (_: string, run: typeof listener) => (listener = run) };
  const where = { site: 's', embedded: true, hostOrigin: 'https://shop', lang: 'en', preview: false };
  const host = connectHost(where, view as never);
  host.onShown((shown) => heard.push(shown));
  const good = { source: parent, origin: 'https://shop', data: { macaw: 1, site: 's', type: 'shown' } };
  listener({ ...good, origin: 'https://evil' });
  listener({ ...good, source: {} });
  listener({ ...good, data: { type: 'shown' } });
  expect(heard).toEqual([]);
  listener(good);
  expect(heard).toEqual([true]);
  host.onIdentify((identity) => identities.push(identity));
  const identify = (identity: unknown) => ({ ...good, data: { ...good.data, type: 'identify', identity } });
  listener({ ...identify('forged'), origin: 'https://evil' });
  listener({ ...identify('forged'), source: {} });
  listener(identify(7));
  expect(identities).toEqual([]);
  listener(identify('a.jwt'));
  listener(identify(null));
  expect(identities).toEqual(['a.jwt', null]);
  host.say({ type: 'close' });
  expect(parent.postMessage).toHaveBeenCalledWith({ type: 'close', macaw: 1, site: 's' }, 'https://shop');
});
