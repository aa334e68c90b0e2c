import type { ClientFrame, Entry, Env, ServerFrame, SocketLike, State } from '../src/index.ts';

/** Time, chance and a network that only move when a test says so. */
export class World {
  time = 1_000_000;
  chance = 0.5;
  sockets: FakeSocket[] = [];
  private timers: { at: number; run: () => void }[] = [];
  private wakers = new Set<() => void>();

  readonly env: Env = {
    now: () => this.time,
    random: () => this.chance,
    later: (ms, run) => {
      const timer = { at: this.time + ms, run };
      this.timers.push(timer);
      return () => {
        this.timers = this.timers.filter((t) => t !== timer);
      };
    },
    open: (url, protocols) => {
      const socket = new FakeSocket(url, protocols);
      this.sockets.push(socket);
      return socket;
    },
    onWake: (run) => {
      this.wakers.add(run);
      return () => this.wakers.delete(run);
    },
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('no socket was opened');
    return last;
  }

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((t) => t !== next);
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }

  async wake(): Promise<void> {
    for (const run of this.wakers) run();
    await settle();
  }
}

export class FakeSocket implements SocketLike {
  readyState = 1;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientFrame);
  }

  close(): void {
    this.readyState = 3;
  }

  say(...frames: ServerFrame[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  welcome(kind: 'visitor' | 'agent' = 'visitor'): void {
    this.say({ t: 'welcome', version: 1, epoch: 'e1', heartbeat_ms: 25_000, me: { kind, id: 'me' } });
  }

  fall(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: '' });
  }

  ops(op: ClientFrame['op']): ClientFrame[] {
    return this.sent.filter((f) => f.op === op);
  }
}

export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

export function entry(seq: number, more: Partial<Entry> = {}): Entry {
  return { seq, id: `m${seq}`, from: 'agent', kind: 'text', text: `text ${seq}`, at: seq, ...more };
}

export function state(more: Partial<State> = {}): State {
  return {
    status: 'open',
    owner: { kind: 'engine', epoch: 1 },
    read: { visitor: 0, agent: 0 },
    delivered: { visitor: 0, agent: 0 },
    head: 0,
    ...more,
  };
}

export function entryFrame(seq: number, more: Partial<Entry> = {}): ServerFrame {
  return { t: 'entry', conversation: 'c', log: 'public', entry: entry(seq, more) };
}

export function watched(head: number, first = 1, epoch = 'e1'): ServerFrame {
  return { t: 'watched', conversation: 'c', head, first, state: state({ head }), epoch };
}

export class MemoryStorage {
  readonly map = new Map<string, string>();
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
}
