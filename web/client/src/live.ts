import { Deliveries } from './delivered.ts';
import { browserEnv, type Env, type StorageLike } from './env.ts';
import { Fallback, stateAfter } from './fallback.ts';
import { HttpError } from './http.ts';
import { uuidv7 } from './ids.ts';
import { lastSeq } from './log.ts';
import { Outbox, type Unacked } from './outbox.ts';
import { type Input, newView, reduce, type View } from './reducer.ts';
import { createSocket, type Link, type Socket, type SocketOptions } from './socket.ts';
import type { ClientFrame, EntryPage, ErrorFrame, Log, MeKind, Sent, ServerFrame, State } from './types.ts';

type SendByHttp = (item: Unacked) => Promise<Sent>;

export type LiveOptions = Pick<SocketOptions, 'url' | 'protocols' | 'renew'> & {
  me: MeKind;
  /** Entries after `after`, oldest first, over HTTP. */
  fetchEntries: (conversation: string, log: Log, after: number, limit: number) => Promise<EntryPage>;
  /** Sends one message over HTTP. With it, a conversation goes on where no WebSocket opens. */
  sendByHttp?: SendByHttp;
  /** True while the conversation goes on over HTTP. */
  onFallback?: (isOn: boolean) => void;
  storage?: StorageLike | null;
  /** Where unacknowledged messages are kept; one per identity. */
  storageKey?: string;
  env?: Env;
  onLink?: (link: Link) => void;
  /** Every frame of the server, after the views have taken it. For `inbox` and for errors of no message. */
  onFrame?: (frame: ServerFrame) => void;
};

type Watch = { view: View; listeners: Set<(view: View) => void>; readUpTo: number; filling: Set<Log> };

const PAGE = 200;
const FILL_RETRY_MS = 2000;
const TYPING_EVERY_MS = 3000;
const PREVIEW_EVERY_MS = 700;
const MAX_TEXT_BYTES = 16 * 1024;

/** Conversations kept live over one socket: views, the outbox, gap filling. What both UIs talk to. */
export class Live {
  private readonly env: Env;
  private readonly socket: Socket;
  private readonly outbox: Outbox;
  private readonly watches = new Map<string, Watch>();
  private lastTyping = { conversation: '', at: 0, text: '' };
  private cancelTick = () => {};
  private readonly fallback: Fallback | null;
  private readonly deliveries: Deliveries;

  constructor(private readonly options: LiveOptions) {
    this.env = options.env ?? browserEnv();
    this.outbox = new Outbox(options.storage ?? null, options.storageKey ?? 'macaw:outbox');
    this.socket = createSocket({
      env: this.env,
      url: options.url,
      protocols: options.protocols,
      renew: options.renew,
      onFrame: (frame) => this.receive(frame),
      onLink: (link) => {
        options.onLink?.(link);
        this.fallback?.heard(link);
      },
    });
    this.deliveries = new Deliveries({
      env: this.env,
      say: (conversation, seq) => this.socket.send({ op: 'delivered', conversation, seq }),
      isKnown: (conversation, seq) => this.knownTo(conversation) >= seq,
    });
    const { sendByHttp } = options;
    this.fallback = sendByHttp
      ? new Fallback({
          env: this.env,
          exchange: () => this.exchange(sendByHttp),
          onChange: (isOn) => options.onFallback?.(isOn),
        })
      : null;
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    this.cancelTick();
    this.fallback?.stop();
    this.socket.stop();
  }

  link(): Link {
    return this.socket.link();
  }

  view(conversation: string): View | undefined {
    return this.watches.get(conversation)?.view;
  }

  /** Watches from `after` (0: the newest 200). The listener gets the view now and after each change. */
  watch(
    conversation: string,
    listener: (view: View) => void,
    from?: { after?: number; notes_after?: number },
  ) {
    let watch = this.watches.get(conversation);
    if (!watch) {
      const view = newView(conversation, this.options.me, from?.after, from?.notes_after);
      watch = { view, listeners: new Set(), readUpTo: 0, filling: new Set() };
      this.watches.set(conversation, watch);
      for (const item of this.outbox.list(conversation)) this.compose(item);
      this.sendWatch(watch.view);
    }
    const { listeners } = watch;
    listeners.add(listener);
    listener(watch.view);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.watches.get(conversation)?.listeners !== listeners) return;
      this.watches.delete(conversation);
      this.socket.send({ op: 'unwatch', conversation });
    };
  }

  /** Shows the message at once and sends it until it is acknowledged. Answers its client id. */
  send(conversation: string, text: string, file?: string, clientId?: string, quotes?: number): string {
    return this.post({
      op: 'send',
      conversation,
      client_id: clientId ?? uuidv7(this.env.now()),
      text,
      file,
      quotes,
      at: this.env.now(),
    });
  }

  note(conversation: string, text: string): string {
    return this.post({
      op: 'note',
      conversation,
      client_id: uuidv7(this.env.now()),
      text,
      at: this.env.now(),
    });
  }

  /** Sends a failed message again, as the same message. */
  retry(conversation: string, clientId: string): void {
    const pending = this.view(conversation)?.pending.find((p) => p.client_id === clientId);
    if (pending?.status !== 'failed') return;
    const { log, text, file, quotes, at } = pending;
    const item: Unacked = {
      op: log === 'internal' ? 'note' : 'send',
      conversation,
      client_id: clientId,
      text,
      file,
      quotes,
      at,
    };
    if (!this.outbox.find(clientId) && !this.outbox.add(item)) return;
    this.apply(conversation, { t: 'retry', client_id: clientId });
    if (!this.socket.send(toFrame(item))) this.fallback?.nudge();
  }

  discard(conversation: string, clientId: string): void {
    this.outbox.remove(clientId);
    this.apply(conversation, { t: 'discard', client_id: clientId });
  }

  /** Says that the person types; with a text (visitors, preview) it is sent when it changed. Call at each key. */
  typing(conversation: string, text?: string): void {
    const now = this.env.now();
    const every = text !== undefined && text !== this.lastTyping.text ? PREVIEW_EVERY_MS : TYPING_EVERY_MS;
    if (conversation === this.lastTyping.conversation && now - this.lastTyping.at < every) return;
    const frame: ClientFrame =
      text === undefined ? { op: 'typing', conversation } : { op: 'typing', conversation, text };
    if (this.socket.send(frame)) this.lastTyping = { conversation, at: now, text: text ?? '' };
  }

  /** Read up to `seq`; kept and said again after a reconnect. */
  read(conversation: string, seq: number): void {
    const watch = this.watches.get(conversation);
    if (!watch || seq <= Math.max(watch.readUpTo, watch.view.state?.read[this.options.me] ?? 0)) return;
    watch.readUpTo = seq;
    this.socket.send({ op: 'read', conversation, seq });
  }

  /** This device has received up to `seq`. A visitor's page says so by itself. */
  reached(conversation: string, seq: number): void {
    this.deliveries.reached(conversation, seq);
  }

  /** Up to where the server knows, or is being told, that this side has received. */
  private knownTo(conversation: string): number {
    const watch = this.watches.get(conversation);
    return Math.max(watch?.readUpTo ?? 0, watch?.view.state?.delivered[this.options.me] ?? 0);
  }

  /** A state that came over HTTP. */
  setState(conversation: string, state: State): void {
    this.apply(conversation, { t: 'state', conversation, state });
  }

  /** Reads the page before the window. False when there is none. Rejects when the network fails. */
  async loadOlder(conversation: string, log: Log = 'public', limit = 50): Promise<boolean> {
    const window = this.view(conversation)?.[log];
    if (!window || window.base <= window.floor) return false;
    const after = Math.max(window.floor, window.base - limit);
    const page = await this.options.fetchEntries(conversation, log, after, window.base - after);
    this.apply(conversation, { t: 'page', log, after, ...page });
    return true;
  }

  private post(item: Unacked): string {
    this.compose(item);
    if (new TextEncoder().encode(item.text).length > MAX_TEXT_BYTES) {
      this.apply(item.conversation, { t: 'failed', client_id: item.client_id, code: 'text_too_long' });
    } else if (!this.outbox.add(item)) {
      this.apply(item.conversation, { t: 'failed', client_id: item.client_id, code: 'outbox_full' });
    } else {
      // Not open: `opened` sends it, after the watch.
      if (!this.socket.send(toFrame(item))) this.fallback?.nudge();
    }
    return item.client_id;
  }

  private compose(item: Unacked): void {
    const { client_id, text, file, quotes, at } = item;
    const log: Log = item.op === 'note' ? 'internal' : 'public';
    this.apply(item.conversation, {
      t: 'compose',
      pending: { client_id, log, text, file, quotes, at, status: 'sending' },
    });
  }

  private apply(conversation: string, input: Input): void {
    const watch = this.watches.get(conversation);
    if (!watch) return;
    const before = watch.view;
    watch.view = reduce(before, input, this.env.now());
    if (watch.view === before) return;
    const newest = watch.view.public.entries.at(-1);
    const isTheirs = newest?.from === 'agent' || newest?.from === 'engine';
    if (this.options.me === 'visitor' && isTheirs && newest.seq > lastSeq(before.public))
      this.deliveries.reached(conversation, newest.seq);
    for (const listener of [...watch.listeners]) listener(watch.view);
    if (watch.view.typing !== before.typing) this.tickLater();
    if (watch.view.needs) this.fill(watch);
  }

  private tickLater(): void {
    this.cancelTick();
    const ends = [...this.watches.values()].flatMap((w) => (w.view.typing ? [w.view.typing.until] : []));
    if (ends.length === 0) return;
    this.cancelTick = this.env.later(Math.max(0, Math.min(...ends) - this.env.now()), () => {
      for (const conversation of [...this.watches.keys()]) this.apply(conversation, { t: 'tick' });
      this.tickLater();
    });
  }

  private fill(watch: Watch): void {
    const { after, notes_after } = watch.view.needs ?? {};
    if (after !== undefined) void this.fetchGap(watch, 'public', after);
    if (notes_after !== undefined) void this.fetchGap(watch, 'internal', notes_after);
  }

  private async fetchGap(watch: Watch, log: Log, after: number): Promise<void> {
    if (watch.filling.has(log)) return;
    watch.filling.add(log);
    const { conversation } = watch.view;
    const current = () => this.watches.get(conversation) === watch;
    try {
      const page = await this.options.fetchEntries(conversation, log, after, PAGE);
      watch.filling.delete(log);
      if (!current()) return;
      const before = watch.view;
      this.apply(conversation, { t: 'page', log, after, ...page });
      if (watch.view === before && watch.view.needs) this.retryFill(watch);
    } catch {
      watch.filling.delete(log);
      if (current()) this.retryFill(watch);
    }
  }

  private retryFill(watch: Watch): void {
    this.env.later(FILL_RETRY_MS, () => {
      if (this.watches.get(watch.view.conversation) === watch) this.fill(watch);
    });
  }

  private receive(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.opened();
        break;
      case 'ack':
        this.outbox.remove(frame.client_id);
        break;
      case 'entry':
        if (frame.entry.from === this.options.me && frame.entry.client_id)
          this.outbox.remove(frame.entry.client_id);
        break;
      case 'heartbeat':
        this.compareHeads(frame.heads);
        break;
      case 'error':
        this.refused(frame);
        break;
    }
    if ('conversation' in frame && typeof frame.conversation === 'string') {
      this.apply(frame.conversation, frame);
      if (frame.t === 'resync') this.resynced(frame.conversation);
    }
    this.options.onFrame?.(frame);
  }

  /** After the welcome: watch from our positions first, then say again what no ack came for. */
  private opened(): void {
    for (const { view, readUpTo } of this.watches.values()) {
      this.sendWatch(view);
      if (readUpTo > (view.state?.read[this.options.me] ?? 0)) {
        this.socket.send({ op: 'read', conversation: view.conversation, seq: readUpTo });
      }
    }
    this.deliveries.opened();
    for (const item of this.outbox.list()) {
      if (this.watches.has(item.conversation)) this.socket.send(toFrame(item));
    }
  }

  /** One turn over HTTP: what waits is sent in its order, then what is new is read. */
  private async exchange(say: SendByHttp): Promise<boolean> {
    let moved = false;
    for (const item of this.outbox.list()) {
      if (item.op === 'send' && this.watches.has(item.conversation))
        moved = (await this.push(item, say)) || moved;
    }
    for (const watch of this.watches.values()) moved = (await this.pull(watch)) || moved;
    return moved;
  }

  private async push(item: Unacked, say: SendByHttp): Promise<boolean> {
    const { conversation, client_id } = item;
    try {
      const { id, seq, at } = await say(item);
      this.receive({ t: 'ack', conversation, client_id, log: 'public', id, seq, at });
      return true;
    } catch (error) {
      const { status, code } = error instanceof HttpError ? error.problem : { status: 0, code: '' };
      // 408, 429 and 5xx: the same message, later.
      if (status < 400 || status >= 500 || status === 401 || status === 408 || status === 429) throw error;
      this.outbox.remove(client_id);
      this.apply(conversation, { t: 'failed', client_id, code });
      return false;
    }
  }

  private async pull(watch: Watch): Promise<boolean> {
    const { conversation } = watch.view;
    const after = lastSeq(watch.view.public);
    const page = await this.options.fetchEntries(conversation, 'public', after, PAGE);
    // The socket may have been quicker.
    if (this.watches.get(conversation) !== watch || this.socket.link().at === 'open') return false;
    this.apply(conversation, { t: 'page', log: 'public', after, ...page });
    const state = stateAfter(watch.view.state, page.entries, page.head);
    if (state && page.entries.length > 0) this.setState(conversation, state);
    return page.entries.length > 0;
  }

  private resynced(conversation: string): void {
    const watch = this.watches.get(conversation);
    if (!watch) return;
    watch.readUpTo = 0;
    this.deliveries.forget(conversation);
    this.sendWatch(watch.view);
  }

  private sendWatch(view: View): void {
    const frame: ClientFrame = { op: 'watch', conversation: view.conversation, after: lastSeq(view.public) };
    if (this.options.me === 'agent') frame.notes_after = lastSeq(view.internal);
    if (view.epoch) frame.epoch = view.epoch;
    this.socket.send(frame);
  }

  private compareHeads(heads: Record<string, [number, number?]>): void {
    for (const { view } of this.watches.values()) {
      const [head, notesHead] = heads[view.conversation] ?? [0, 0];
      const notesBehind = this.options.me === 'agent' && (notesHead ?? 0) > lastSeq(view.internal);
      if (head > lastSeq(view.public) || notesBehind) this.sendWatch(view);
    }
  }

  private refused(frame: ErrorFrame): void {
    const { client_id, retry_after_ms } = frame;
    const item = client_id ? this.outbox.find(client_id) : undefined;
    if (!item) return;
    if (retry_after_ms !== undefined) {
      this.env.later(retry_after_ms, () => {
        const still = this.outbox.find(item.client_id);
        if (still) this.socket.send(toFrame(still));
      });
      return;
    }
    this.outbox.remove(item.client_id);
    this.apply(item.conversation, { t: 'failed', client_id: item.client_id, code: frame.code });
  }
}

function toFrame(item: Unacked): ClientFrame {
  const { conversation, client_id, text, quotes } = item;
  if (item.op === 'note') return { op: 'note', conversation, client_id, text };
  if (item.file) return { op: 'send', conversation, client_id, file: item.file };
  if (quotes) return { op: 'send', conversation, client_id, text, quotes };
  return { op: 'send', conversation, client_id, text };
}
