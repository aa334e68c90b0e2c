import type { Env } from './env.ts';
import type { Link } from './socket.ts';
import type { Entry, State } from './types.ts';

export type FallbackOptions = {
  env: Env;
  /** Says over HTTP what waits, and reads what is new. True when anything came or went. Rejects without an answer. */
  exchange: () => Promise<boolean>;
  /** True from the first answer without a socket until the socket is open. */
  onChange: (isOn: boolean) => void;
};

// A restart of the server is over by then; what lasts longer may be a network that breaks WebSockets.
const PATIENCE_MS = 5000;
const FIRST_MS = 2000;
const MOST_MS = 15_000;

/** Keeps a conversation going over HTTP while no socket opens. The socket goes on trying by itself. */
export class Fallback {
  private isDown = false;
  private isOn = false;
  private isAsking = false;
  private waitMs = FIRST_MS;
  private cancel = () => {};

  constructor(private readonly options: FallbackOptions) {}

  /** Where the socket is now. */
  heard(link: Link): void {
    const isTrying = link.at === 'connecting' || link.at === 'waiting';
    if (!isTrying) this.stop();
    else if (!this.isDown) {
      this.isDown = true;
      this.waitMs = FIRST_MS;
      this.later(PATIENCE_MS);
    }
  }

  /** Something waits to be sent: not until the next turn. */
  nudge(): void {
    if (!this.isOn || this.isAsking) return;
    this.waitMs = FIRST_MS;
    void this.ask();
  }

  stop(): void {
    this.cancel();
    this.isDown = false;
    this.become(false);
  }

  private later(ms: number): void {
    this.cancel();
    this.cancel = this.options.env.later(ms, () => void this.ask());
  }

  private async ask(): Promise<void> {
    this.cancel();
    this.isAsking = true;
    let moved = false;
    let answered = true;
    try {
      moved = await this.options.exchange();
    } catch {
      answered = false;
    }
    this.isAsking = false;
    if (!this.isDown) return;
    this.become(answered);
    this.waitMs = moved ? FIRST_MS : Math.min(MOST_MS, this.waitMs * 1.5);
    this.later(this.waitMs);
  }

  private become(isOn: boolean): void {
    if (this.isOn === isOn) return;
    this.isOn = isOn;
    this.options.onChange(isOn);
  }
}

/** HTTP tells a visitor no state: what happened, as the log tells it, says who answers now. */
export function stateAfter(known: State | null, entries: readonly Entry[], head: number): State | null {
  let state = known;
  for (const { event } of entries) {
    if (!event) continue;
    const before: State = state ?? {
      status: 'open',
      owner: { kind: 'engine', epoch: 0 },
      read: { visitor: 0, agent: 0 },
      delivered: { visitor: 0, agent: 0 },
      head,
    };
    const { epoch } = before.owner;
    const { position: _, ...rest } = before;
    switch (event.kind) {
      case 'assigned':
      case 'taken_over': {
        const { agent } = event;
        state = {
          ...rest,
          status: 'open',
          owner: { kind: 'agent', epoch, id: agent?.id, name: agent?.name },
        };
        break;
      }
      case 'queued':
      case 'reopened':
        state = { ...rest, status: 'open', owner: { kind: 'queue', epoch } };
        break;
      case 'given_back':
        state = { ...rest, status: 'open', owner: { kind: 'engine', epoch } };
        break;
      case 'closed':
        state = { ...rest, status: 'closed' };
        break;
    }
  }
  return state ? { ...state, head: Math.max(state.head, head) } : null;
}
