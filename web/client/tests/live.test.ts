import { beforeEach, describe, expect, it } from 'vitest';
import { type EntryPage, Live, type Log, type ServerFrame, type View } from '../src/index.ts';
import { entry, entryFrame, MemoryStorage, settle, World, watched } from './world.ts';

let world: World;
let storage: MemoryStorage;
let view: View;
let fetches: [Log, number][];
let pages: Map<number, EntryPage>;

function makeLive(): Live {
  return new Live({
    env: world.env,
    me: 'visitor',
    url: () => 'wss://host',
    protocols: () => ['macaw.v1'],
    renew: () => Promise.resolve(true),
    storage,
    fetchEntries: (_, log, after) => {
      fetches.push([log, after]);
      const page = pages.get(after);
      return page ? Promise.resolve(page) : Promise.reject(new Error('offline'));
    },
  });
}

async function open(live: Live): Promise<void> {
  live.start();
  await settle();
  world.socket.welcome();
}

function ackOf(clientId: string, seq: number): ServerFrame {
  return { t: 'ack', conversation: 'c', client_id: clientId, log: 'public', id: `m${seq}`, seq, at: 1 };
}

let live: Live;
beforeEach(async () => {
  world = new World();
  storage = new MemoryStorage();
  fetches = [];
  pages = new Map();
  live = makeLive();
  live.watch('c', (v) => {
    view = v;
  });
});

describe('reconnecting', () => {
  it('watches from its positions', async () => {
    await open(live);
    expect(world.socket.sent).toEqual([{ op: 'watch', conversation: 'c', after: 0 }]);
    world.socket.say(entryFrame(1), entryFrame(2), watched(2));
    world.socket.fall(4010);
    await world.pass(3000);
    world.socket.welcome();
    expect(world.socket.sent).toEqual([{ op: 'watch', conversation: 'c', after: 2, epoch: 'e1' }]);
  });

  it('sends what was not acknowledged again, with the same client id', async () => {
    const id = live.send('c', 'hello');
    expect(view.pending).toMatchObject([{ client_id: id, status: 'sending' }]);
    await open(live);
    expect(world.socket.ops('send')).toMatchObject([{ client_id: id, text: 'hello' }]);
    world.socket.fall(1006);
    await world.pass(1000);
    world.socket.welcome();
    expect(world.socket.ops('send')).toMatchObject([{ client_id: id }]);
    world.socket.say(watched(0), ackOf(id, 1), entryFrame(1, { from: 'visitor', client_id: id }));
    expect(view.pending).toEqual([]);
    expect(storage.map.size).toBe(0);
  });

  it('sends a message written between welcome and watched', async () => {
    await open(live);
    const id = live.send('c', 'quick');
    expect(world.socket.ops('send')).toMatchObject([{ client_id: id }]);
  });

  it('keeps unacknowledged messages over a reload', async () => {
    const id = live.send('c', 'before the reload');
    live.stop();
    const again = makeLive();
    again.watch('c', (v) => {
      view = v;
    });
    expect(view.pending).toMatchObject([{ client_id: id, text: 'before the reload' }]);
    await open(again);
    expect(world.socket.ops('send')).toMatchObject([{ client_id: id }]);
  });

  it('watches again when a heartbeat shows that it is behind', async () => {
    await open(live);
    world.socket.say(entryFrame(1), watched(1), { t: 'heartbeat', at: 0, heads: { c: [1, 0] } });
    expect(world.socket.ops('watch')).toHaveLength(1);
    world.socket.say({ t: 'heartbeat', at: 0, heads: { c: [3, 0] } });
    expect(world.socket.ops('watch').at(-1)).toMatchObject({ after: 1 });
  });

  it('watches from 0 after a resync', async () => {
    await open(live);
    world.socket.say(entryFrame(1), watched(1), { t: 'resync', conversation: 'c', epoch: 'e2' });
    expect(world.socket.ops('watch').at(-1)).toEqual({
      op: 'watch',
      conversation: 'c',
      after: 0,
      epoch: 'e2',
    });
    expect(view.public.entries).toEqual([]);
  });
});

describe('gaps', () => {
  it('fills one page by page', async () => {
    pages.set(1, { entries: [entry(2)], head: 4 });
    pages.set(2, { entries: [entry(3)], head: 4 });
    await open(live);
    world.socket.say(entryFrame(1), watched(1), entryFrame(4));
    await world.pass(0);
    expect(view.public.entries.map((e) => e.seq)).toEqual([1, 2, 3, 4]);
    expect(fetches).toEqual([
      ['public', 1],
      ['public', 2],
    ]);
  });

  it('tries again when the network fails', async () => {
    await open(live);
    world.socket.say(entryFrame(1), watched(1), entryFrame(3));
    await world.pass(100);
    pages.set(1, { entries: [entry(2)], head: 3 });
    await world.pass(2000);
    expect(view.public.entries).toHaveLength(3);
  });
});

describe('sending', () => {
  it('fails a refused message, and retries it as the same message', async () => {
    await open(live);
    const id = live.send('c', 'x');
    world.socket.say({
      t: 'error',
      code: 'invalid',
      number: 1,
      message: '',
      client_id: id,
      conversation: 'c',
    });
    expect(view.pending[0]).toMatchObject({ status: 'failed', code: 'invalid' });
    live.retry('c', id);
    expect(view.pending[0]?.status).toBe('sending');
    expect(world.socket.ops('send').at(-1)).toMatchObject({ client_id: id });
  });

  it('waits and sends again when told to slow down', async () => {
    await open(live);
    const id = live.send('c', 'x');
    world.socket.say({
      t: 'error',
      code: 'rate_limited',
      number: 1,
      message: '',
      client_id: id,
      retry_after_ms: 900,
    });
    await world.pass(900);
    expect(world.socket.ops('send')).toHaveLength(2);
    expect(view.pending[0]?.status).toBe('sending');
  });

  it('does not send what the server would refuse for its size', async () => {
    await open(live);
    live.send('c', '长'.repeat(6000));
    expect(view.pending[0]).toMatchObject({ status: 'failed', code: 'text_too_long' });
    expect(world.socket.ops('send')).toHaveLength(0);
  });

  it('says what was read once, and again after a reconnect', async () => {
    await open(live);
    world.socket.say(entryFrame(1), watched(1));
    live.read('c', 1);
    live.read('c', 1);
    expect(world.socket.ops('read')).toHaveLength(1);
    world.socket.fall(1006);
    await world.pass(1000);
    world.socket.welcome();
    expect(world.socket.ops('read')).toHaveLength(1);
  });

  it('limits how often typing is said', async () => {
    await open(live);
    live.typing('c');
    live.typing('c');
    await world.pass(3000);
    live.typing('c');
    expect(world.socket.ops('typing')).toHaveLength(2);
  });

  it('hides typing after 6 s', async () => {
    await open(live);
    world.socket.say({ t: 'typing', conversation: 'c', from: 'agent', by: 'a' });
    expect(view.typing).not.toBeNull();
    await world.pass(6000);
    expect(view.typing).toBeNull();
  });

  it('survives a storage that throws', () => {
    storage.setItem = () => {
      throw new Error('full');
    };
    live.send('c', 'x');
    expect(view.pending).toHaveLength(1);
  });
});
