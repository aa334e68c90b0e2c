/** What the outside world gives: injected, so that tests move time by hand and dial nowhere. */
export type Env = {
  now(): number;
  random(): number;
  later(ms: number, run: () => void): () => void;
  open(url: string, protocols: string[]): SocketLike;
  /** Calls back when the network returns or the page is looked at again. */
  onWake(run: () => void): () => void;
};

/** The part of a WebSocket that is used. */
export type SocketLike = {
  readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
};

/** The part of `localStorage` that is used. It may throw: callers must survive that. */
export type StorageLike = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

export function browserEnv(): Env {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    later: (ms, run) => {
      const id = setTimeout(run, ms);
      return () => clearTimeout(id);
    },
    open: (url, protocols) => new WebSocket(url, protocols) as SocketLike,
    onWake: (run) => {
      const visible = () => document.visibilityState === 'visible' && run();
      window.addEventListener('online', run);
      document.addEventListener('visibilitychange', visible);
      return () => {
        window.removeEventListener('online', run);
        document.removeEventListener('visibilitychange', visible);
      };
    },
  };
}
