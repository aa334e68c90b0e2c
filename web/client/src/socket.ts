import type { Env, SocketLike } from './env.ts';
import type { ClientFrame, MeKind, ServerFrame } from './types.ts';

export type StopReason = 'asked' | 'blocked' | 'outdated' | 'protocol' | 'unauthorised';

/** Where the connection is. `open` only after the server's `welcome`. */
export type Link =
  | { at: 'idle' }
  | { at: 'connecting'; tries: number }
  | { at: 'open'; me: { kind: MeKind; id: string }; epoch: string; heartbeat_ms: number }
  | { at: 'waiting'; tries: number; until: number; code: number }
  | { at: 'stopped'; why: StopReason };

export type SocketOptions = {
  env: Env;
  url: () => string;
  /** Asked before each try, so that a renewed token is used. A rejection counts as a failed try. */
  protocols: () => string[] | Promise<string[]>;
  /**
   * The token or session is refused (4004), or `handshake`: the socket never opened, which hides the status.
   * Answer true to try again with new `protocols`, false to stop as unauthorised.
   */
  renew: (why: 'expired' | 'handshake') => Promise<boolean>;
  onFrame: (frame: ServerFrame) => void;
  onLink: (link: Link) => void;
};

export type Socket = {
  link(): Link;
  start(): void;
  stop(): void;
  /** False when it is not open: nothing was sent. */
  send(frame: ClientFrame): boolean;
};

const BASE_MS = 500;
const CAP_MS = 30_000;
const DRAIN_MS = 3000;
const WELCOME_MS = 10_000;
const PONG_MS = 8000;
const TOO_MANY_MS = 5000;
// A connection that lived shorter than this has not ended the trouble: the wait goes on growing.
const STEADY_MS = 5000;
const OPEN = 1;

/** Full jitter: a random time up to 0.5 s, 1 s, 2 s … 30 s. */
export function backoffMs(tries: number, random: number): number {
  return Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(tries, 10)));
}

/** Keeps one WebSocket alive, as docs/protocol.md says; knows nothing of conversations. */
export function createSocket(options: SocketOptions): Socket {
  const { env } = options;
  let link: Link = { at: 'idle' };
  let ws: SocketLike | null = null;
  let tries = 0;
  let renewals = 0;
  let offences = 0;
  let openedAt: number | null = null;
  let retryAfterMs: number | null = null;
  let cancel = () => {};
  let cancelWatchdog = () => {};
  let offWake = () => {};
  // Raised at each new try: answers of older tries are ignored.
  let round = 0;

  function become(next: Link) {
    link = next;
    options.onLink(next);
  }

  function drop() {
    round++;
    cancel();
    cancelWatchdog();
    const old = ws;
    ws = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = old.onerror = null;
    try {
      old.close(1000);
    } catch {
      // Already closed.
    }
  }

  function halt(why: StopReason) {
    drop();
    offWake();
    become({ at: 'stopped', why });
  }

  function wait(ms: number, code: number) {
    drop();
    become({ at: 'waiting', tries, until: env.now() + ms, code });
    cancel = env.later(ms, connect);
  }

  function backoff(code: number) {
    wait(backoffMs(tries++, env.random()), code);
  }

  async function connect() {
    drop();
    const mine = round;
    openedAt = null;
    retryAfterMs = null;
    become({ at: 'connecting', tries });
    cancel = env.later(WELCOME_MS, () => backoff(1006));
    try {
      const protocols = await options.protocols();
      if (mine !== round) return;
      const fresh = env.open(options.url(), protocols);
      ws = fresh;
      fresh.onmessage = (event) => mine === round && receive(event.data);
      fresh.onclose = (event) => mine === round && closed(event.code);
    } catch {
      if (mine === round) backoff(1006);
    }
  }

  function receive(data: unknown) {
    alive();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(String(data)) as ServerFrame;
    } catch {
      return;
    }
    if (frame.t === 'welcome') {
      cancel();
      openedAt = env.now();
      renewals = 0;
      const { me, epoch, heartbeat_ms } = frame;
      link = { at: 'open', me, epoch, heartbeat_ms };
      alive();
      options.onFrame(frame);
      options.onLink(link);
      return;
    }
    if (frame.t === 'error' && frame.retry_after_ms !== undefined) retryAfterMs = frame.retry_after_ms;
    options.onFrame(frame);
  }

  /** A sign of life: asks for another one after a silence, and gives up when none comes. */
  function alive() {
    cancelWatchdog();
    if (link.at !== 'open') return;
    // 1.5: the server's heartbeat may be 20 % late.
    cancelWatchdog = env.later(link.heartbeat_ms * 1.5, probe);
  }

  function probe() {
    if (link.at !== 'open') return;
    cancelWatchdog();
    send({ op: 'ping' });
    cancelWatchdog = env.later(PONG_MS, () => backoff(1006));
  }

  function closed(code: number) {
    const welcomed = openedAt !== null;
    if (openedAt !== null && env.now() - openedAt >= STEADY_MS) tries = 0;
    switch (code) {
      case 1001:
      case 4010:
        tries = 0;
        return wait(Math.round(env.random() * DRAIN_MS), code);
      case 4001:
      case 4002:
        return offences++ === 0 ? backoff(code) : halt('protocol');
      case 4004:
        return void renew('expired', code);
      case 4008:
        return wait(retryAfterMs ?? TOO_MANY_MS, code);
      case 4009:
        return wait(Math.round(env.random() * BASE_MS), code);
      case 4011:
        return halt('outdated');
      case 4403:
        return halt('blocked');
      default:
        return welcomed || tries === 0 ? backoff(code) : void renew('handshake', code);
    }
  }

  async function renew(why: 'expired' | 'handshake', code: number) {
    drop();
    const mine = round;
    const t = tries;
    become({ at: 'connecting', tries: t });
    let ok = true;
    try {
      ok = await options.renew(why);
    } catch {
      // The network failed, not the token: try again later.
      if (mine === round) backoff(code);
      return;
    }
    if (mine !== round) return;
    if (!ok) return halt('unauthorised');
    if (why === 'expired' && renewals++ === 0) return void connect();
    backoff(code);
  }

  function wake() {
    if (link.at === 'waiting' && link.code !== 4008) {
      tries = 0;
      void connect();
    } else if (link.at === 'open') probe();
  }

  function send(frame: ClientFrame): boolean {
    if (link.at !== 'open' || !ws || ws.readyState !== OPEN) return false;
    ws.send(JSON.stringify(frame));
    return true;
  }

  return {
    link: () => link,
    start() {
      if (link.at !== 'idle' && link.at !== 'stopped') return;
      tries = renewals = offences = 0;
      offWake();
      offWake = env.onWake(wake);
      void connect();
    },
    stop: () => halt('asked'),
    send,
  };
}
