import { beforeEach, describe, expect, it } from 'vitest';
import { stateAfter } from '../src/fallback.ts';
import { type Entry, HttpError, Live, type View } from '../src/index.ts';
import { entry, MemoryStorage, settle, state, World, watched } from './world.ts';

/** A server that is reached over HTTP only. */
class Shop {
  isUp = true;
  log: Entry[] = [];
  refuse: number | null = null;

  send(clientId: string, text: string): Entry {
    const known = this.log.find((e) => e.client_id === clientId);
    return known ?? this.add({ from: 'visitor', client_id: clientId, text });
  }

  add(more: Partial<Entry>): Entry {
    const next = entry(this.log.length + 1, more);
    this.log.push(next);
    return next;
  }
}

let world: World;
let shop: Shop;
let view: View;
let told: boolean[];
let live: Live;
let reads: number;

function problem(status: number): HttpError {
  return new HttpError({ type: '', title: '', status, code: `http_${status}` });
}

beforeEach(async () => {
  world = new World();
  shop = new Shop();
  told = [];
  reads = 0;
  live = new Live({
    env: world.env,
    me: 'visitor',
    url: () => 'wss://host',
    protocols: () => ['macaw.v1'],
    renew: () => Promise.resolve(true),
    storage: new MemoryStorage(),
    fetchEntries: async (_, __, after, limit) => {
      if (!shop.isUp) throw problem(0);
      reads++;
      return { entries: shop.log.slice(after, after + limit), head: shop.log.length };
    },
    sendByHttp: async ({ client_id, text }) => {
      if (!shop.isUp) throw problem(0);
      if (shop.refuse) throw problem(shop.refuse);
      return shop.send(client_id, text);
    },
    onFallback: (isOn) => told.push(isOn),
  });
  live.watch('c', (v) => {
    view = v;
  });
  live.start();
  await settle();
});

const texts = () => view.public.entries.map((e) => e.text);

describe('where no WebSocket opens', () => {
  it('a message is sent and the answer read over HTTP, each once', async () => {
    live.send('c', 'hello');
    await world.pass(4000);
    expect(told).toEqual([]);
    await world.pass(1500);
    expect(told).toEqual([true]);
    expect(shop.log.map((e) => e.text)).toEqual(['hello']);
    shop.add({ text: 'an answer' });
    await world.pass(5000);
    expect(texts()).toEqual(['hello', 'an answer']);
    expect(view.pending).toEqual([]);
  });

  it('what is written later goes at once', async () => {
    await world.pass(6000);
    live.send('c', 'now');
    await settle();
    expect(shop.log.map((e) => e.text)).toEqual(['now']);
    expect(texts()).toEqual(['now']);
  });

  it('asks less often while nothing happens, and often again after a word', async () => {
    await world.pass(120_000);
    const quiet = reads;
    await world.pass(60_000);
    expect(reads - quiet).toBeLessThanOrEqual(5);
    live.send('c', 'hello');
    await settle();
    const spoken = reads;
    await world.pass(6000);
    expect(reads - spoken).toBeGreaterThanOrEqual(2);
  });

  it('a refusal fails the message, a busy server does not', async () => {
    await world.pass(6000);
    shop.refuse = 429;
    live.send('c', 'later');
    await world.pass(3000);
    expect(view.pending).toMatchObject([{ status: 'sending' }]);
    shop.refuse = 413;
    await world.pass(15_000);
    expect(view.pending).toMatchObject([{ status: 'failed', code: 'http_413' }]);
  });

  it('the socket takes over when it opens', async () => {
    live.send('c', 'hello');
    await world.pass(6000);
    world.socket.welcome();
    expect(told).toEqual([true, false]);
    expect(world.socket.sent).toEqual([{ op: 'watch', conversation: 'c', after: 1 }]);
    world.socket.say(watched(1));
    const before = reads;
    await world.pass(30_000);
    expect(reads).toBe(before);
  });
});

it('a server that is down is not called a network without sockets', async () => {
  shop.isUp = false;
  live.send('c', 'hello');
  await world.pass(20_000);
  expect(told).toEqual([]);
  expect(view.pending).toMatchObject([{ status: 'sending' }]);
  shop.isUp = true;
  await world.pass(16_000);
  expect(told).toEqual([true]);
  expect(texts()).toEqual(['hello']);
});

describe('who answers, as the log tells it', () => {
  const agent = { id: 'a', name: 'Ada' };
  const after = (...events: Entry['event'][]) =>
    stateAfter(
      null,
      events.map((event, i) => entry(i + 1, { kind: 'event', event })),
      events.length,
    );

  it('follows what happened', () => {
    expect(after({ kind: 'queued' })?.owner.kind).toBe('queue');
    expect(after({ kind: 'queued' }, { kind: 'assigned', agent })?.owner).toMatchObject({
      kind: 'agent',
      name: 'Ada',
    });
    expect(after({ kind: 'assigned', agent }, { kind: 'closed' })?.status).toBe('closed');
    expect(after({ kind: 'taken_over', agent }, { kind: 'given_back' })?.owner.kind).toBe('engine');
  });

  it('knows nothing when nothing happened, and keeps what was known', () => {
    expect(stateAfter(null, [entry(1)], 1)).toBeNull();
    const known = state({ position: 2, owner: { kind: 'queue', epoch: 4 } });
    expect(stateAfter(known, [entry(9)], 9)).toMatchObject({ position: 2, head: 9 });
    const moved = stateAfter(known, [entry(9, { kind: 'event', event: { kind: 'assigned', agent } })], 9);
    expect(moved).toMatchObject({ owner: { kind: 'agent', epoch: 4 } });
    expect(moved?.position).toBeUndefined();
  });
});
