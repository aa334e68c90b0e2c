import { beforeEach, describe, expect, it } from 'vitest';
import { backoffMs, createSocket, type Link, type Socket } from '../src/index.ts';
import { World } from './world.ts';

let world: World;
let links: Link[];
let renewals: string[];
let renewAnswer: () => Promise<boolean>;
let socket: Socket;

beforeEach(async () => {
  world = new World();
  links = [];
  renewals = [];
  renewAnswer = () => Promise.resolve(true);
  socket = createSocket({
    env: world.env,
    url: () => 'wss://host/api/v1/socket',
    protocols: () => ['macaw.v1', 'bearer.T'],
    renew: (why) => {
      renewals.push(why);
      return renewAnswer();
    },
    onFrame: () => {},
    onLink: (link) => links.push(link),
  });
  socket.start();
  await world.pass(0);
});

const at = () => socket.link().at;

describe('connecting', () => {
  it('is open only after the welcome', () => {
    expect(at()).toBe('connecting');
    world.socket.welcome();
    expect(socket.link()).toMatchObject({ at: 'open', epoch: 'e1' });
    expect(world.socket.protocols).toEqual(['macaw.v1', 'bearer.T']);
  });

  it('gives up a handshake that takes too long', async () => {
    await world.pass(10_000);
    expect(at()).toBe('waiting');
  });

  it('jitters between nothing and a doubling cap of 30 s', () => {
    expect([0, 1, 2, 3, 20].map((t) => backoffMs(t, 1))).toEqual([500, 1000, 2000, 4000, 30_000]);
    expect(backoffMs(9, 0)).toBe(0);
  });

  it('waits longer after each failure and starts over after a steady connection', async () => {
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      world.socket.fall(1006);
      await world.pass(0);
      const link = socket.link();
      if (link.at !== 'waiting') throw new Error(link.at);
      waits.push(link.until - world.time);
      await world.pass(link.until - world.time);
    }
    expect(waits).toEqual([250, 500, 1000, 2000]);
    world.socket.welcome();
    await world.pass(6000);
    world.socket.fall(1006);
    expect(socket.link()).toMatchObject({ at: 'waiting', until: world.time + 250 });
  });

  it('tries at once when the browser is back', async () => {
    world.chance = 1;
    world.socket.fall(1006);
    expect(at()).toBe('waiting');
    await world.wake();
    expect(at()).toBe('connecting');
    expect(world.sockets).toHaveLength(2);
  });
});

describe('close codes', () => {
  beforeEach(() => world.socket.welcome());

  it.each([1001, 4010])('%i: comes back within 3 s', (code) => {
    world.chance = 1;
    world.socket.fall(code);
    expect(socket.link()).toMatchObject({ at: 'waiting', until: world.time + 3000 });
  });

  it.each([
    [4403, 'blocked'],
    [4011, 'outdated'],
  ])('%i: stops', async (code, why) => {
    world.socket.fall(code);
    await world.pass(60_000);
    expect(socket.link()).toEqual({ at: 'stopped', why });
    expect(world.sockets).toHaveLength(1);
  });

  it.each([4001, 4002])('%i: reconnects once, then stops', async (code) => {
    world.socket.fall(code);
    await world.pass(1000);
    world.socket.welcome();
    world.socket.fall(code);
    expect(socket.link()).toEqual({ at: 'stopped', why: 'protocol' });
  });

  it('4004: renews the token and connects at once', async () => {
    world.socket.fall(4004);
    await world.pass(0);
    expect(renewals).toEqual(['expired']);
    expect(at()).toBe('connecting');
    expect(world.sockets).toHaveLength(2);
  });

  it('4004: stops when there is no new token, and does not spin when the new one is refused', async () => {
    world.socket.fall(4004);
    await world.pass(0);
    world.socket.fall(4004);
    await world.pass(0);
    expect(at()).toBe('waiting');
    renewAnswer = () => Promise.resolve(false);
    await world.pass(1000);
    world.socket.fall(4004);
    await world.pass(0);
    expect(socket.link()).toEqual({ at: 'stopped', why: 'unauthorised' });
  });

  it('4008: waits as told, or 5 s, even when woken', async () => {
    world.socket.say({ t: 'error', code: 'rate_limited', number: 1, message: '', retry_after_ms: 7000 });
    world.socket.fall(4008);
    expect(socket.link()).toMatchObject({ until: world.time + 7000 });
    await world.wake();
    expect(at()).toBe('waiting');
    await world.pass(7000);
    world.socket.welcome();
    world.socket.fall(4008);
    expect(socket.link()).toMatchObject({ until: world.time + 5000 });
  });

  it('a refused handshake may hide a dead token: asks, the second time', async () => {
    world.socket.fall(1006);
    await world.pass(250);
    world.socket.fall(1006);
    await world.pass(0);
    expect(renewals).toEqual(['handshake']);
    expect(at()).toBe('waiting');
  });
});

describe('signs of life', () => {
  beforeEach(() => world.socket.welcome());

  it('pings after a silence and reconnects when nothing answers', async () => {
    await world.pass(37_500);
    expect(world.socket.ops('ping')).toHaveLength(1);
    expect(at()).toBe('open');
    await world.pass(8000);
    expect(at()).not.toBe('open');
  });

  it('stays open while anything comes', async () => {
    for (let i = 0; i < 5; i++) {
      await world.pass(30_000);
      world.socket.say({ t: 'heartbeat', at: 0, heads: {} });
    }
    expect(at()).toBe('open');
    expect(world.socket.ops('ping')).toHaveLength(0);
  });

  it('checks a frozen connection when the page is looked at again', async () => {
    await world.wake();
    expect(world.socket.ops('ping')).toHaveLength(1);
  });
});

it('stop ends everything', async () => {
  socket.stop();
  await world.pass(100_000);
  await world.wake();
  expect(socket.link()).toEqual({ at: 'stopped', why: 'asked' });
  expect(world.sockets).toHaveLength(1);
});
