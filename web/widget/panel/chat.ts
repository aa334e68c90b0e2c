import {
  type Attachment,
  createHttp,
  type Entry,
  type EntryPage,
  type Http,
  HttpError,
  type Link,
  Live,
  lastSeq,
  newView,
  type Sent,
  type SiteCard,
  type State,
  type StorageLike,
  Tray,
  type Unacked,
  upload,
  type View,
} from '@macaw/client';
import { Early } from './early.ts';
import { FileUrls } from './files.ts';
import type { Host } from './host.ts';
import { isSaid, unreadOf } from './rows.ts';
import { firstScreen, type Screen } from './screens.ts';
import { SiteNews } from './site.ts';
import { Identity } from './token.ts';
import { cardPath, type Where } from './where.ts';

export type Phase = { at: 'loading' } | { at: 'failed'; why: 'no_site' | 'network' } | { at: 'ready' };
export type ChatState = {
  phase: Phase;
  site: SiteCard | null;
  view: View | null;
  link: Link;
  /** The conversation goes on over HTTP, because no WebSocket opens. */
  simple: boolean;
  handing: 'no' | 'asking' | 'failed';
  attachments: readonly Attachment[];
  /** More files were chosen than go at once. */
  attachNote: boolean;
  /** Null until it is known whether there is a conversation to go on with. */
  screen: Screen | null;
  /** Messages of others that are not looked at. */
  unread: number;
  /** No sound when something comes. */
  quiet: boolean;
  /** What the next message is about. */
  quoting: Entry | null;
};

/** What the panel knows and can do. Components show `state` and call the methods. */
export class Chat {
  state: ChatState = {
    phase: { at: 'loading' },
    site: null,
    view: null,
    link: { at: 'idle' },
    simple: false,
    handing: 'no',
    attachments: [],
    attachNote: false,
    screen: null,
    unread: 0,
    quiet: false,
    quoting: null,
  };
  readonly tray = new Tray({
    upload: (file, name, onProgress, signal) =>
      this.authorised(async () => {
        // A file may be chosen before the session is there; then it waits for it.
        const { token } = await this.identity.ensure();
        return upload(file, { path: '/api/v1/visitor/files', name, token, onProgress, signal });
      }),
    send: (info) => this.live?.send(this.conversation, info.name, info.id),
    limit: () => this.state.site?.file_limit,
    onChange: (attachments) => this.set({ attachments }),
  });
  private readonly files = new FileUrls((path) =>
    this.authorised(() => this.fetchFile(path, this.identity.current()?.token ?? '')),
  );
  private listeners = new Set<() => void>();
  private readonly http: Http;
  private readonly identity: Identity;
  private readonly early: Early;
  private readonly sites: SiteNews;
  private live: Live | null = null;
  private conversation = '';
  private shown: boolean;
  private lastUnread = -1;
  /** Up to where a sound has been made; null before the history is here. */
  private heard: number | null = null;
  private talked = false;
  private wantsPerson = false;

  constructor(
    private readonly where: Where,
    private readonly storage: StorageLike,
    private readonly host: Host,
  ) {
    this.http = createHttp({ token: () => this.identity.current()?.token ?? null });
    this.identity = new Identity(where.site, storage, createHttp());
    this.shown = !where.embedded;
    this.early = new Early(storage, `macaw:${where.site}:early`);
    this.sites = new SiteNews(cardPath(where), (site) => this.set({ site }));
    this.state.quiet = storage.getItem(this.quietKey) === '1';
    host.onShown((shown) => {
      this.shown = shown;
      this.look();
    });
    host.onIdentify((identity) => void this.identify(identity));
    document.addEventListener('visibilitychange', () => this.look());
    addEventListener('focus', () => this.look());
    if (this.early.size > 0) this.showEarly();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async start(): Promise<void> {
    this.set({ phase: { at: 'loading' } });
    try {
      const site = this.http.get<SiteCard>(cardPath(this.where));
      const [card, session] = await Promise.all([site, this.identity.ensure()]);
      this.set({ site: card });
      this.open(session.conversation);
      this.set({ phase: { at: 'ready' } });
      for (const { text, client_id } of this.early.take())
        this.live?.send(session.conversation, text, undefined, client_id);
    } catch (error) {
      const status = error instanceof HttpError ? error.problem.status : 0;
      const lost = status === 404 || status === 400 || status === 403 || status === 422;
      this.set({ phase: { at: 'failed', why: lost ? 'no_site' : 'network' } });
      if (!lost) addEventListener('online', () => this.start(), { once: true });
    }
    this.host.say({ type: 'ready' });
  }

  /** Looks as it would with this site: nobody is asked, nothing is sent. */
  show(site: SiteCard): void {
    const link: Link = { at: 'open', me: { kind: 'visitor', id: '' }, epoch: '', heartbeat_ms: 0 };
    const view = { ...newView('', 'visitor'), live: true };
    this.set({ phase: { at: 'ready' }, site, view, link, screen: 'home' });
  }

  go(screen: Screen): void {
    this.set({ screen });
    this.seen();
  }

  setQuiet(quiet: boolean): void {
    this.storage.setItem(this.quietKey, quiet ? '1' : '0');
    this.set({ quiet });
  }

  /** The page vouches for its customer, or, with null, for nobody any more. */
  async identify(identity: string | null): Promise<void> {
    let code = '';
    if (identity === null) {
      // Somebody else may sit here next: nothing unsent of the one who leaves is kept.
      this.live?.stop();
      for (const name of ['outbox', 'draft']) this.storage.removeItem(`macaw:${this.where.site}:${name}`);
    }
    try {
      const session = await (identity === null ? this.identity.forget() : this.identity.identify(identity));
      if (identity === null) this.open(session.conversation);
      else this.moved(session.conversation);
    } catch (error) {
      // The visitor stays who it was; the page may sign a fresh one.
      code = error instanceof HttpError ? error.problem.code : 'internal';
    }
    this.host.say({ type: 'identity', code });
  }

  /** Before the session is there the message is kept, shown as on its way, and sent with the session. */
  send(text: string): void {
    this.set({ screen: 'chat' });
    const { quoting } = this.state;
    this.set({ quoting: null });
    if (this.live) this.live.send(this.conversation, text, undefined, undefined, quoting?.seq);
    else {
      this.early.add(text);
      this.showEarly();
    }
  }

  readonly attach = (files: Iterable<File>): void => {
    this.set({ attachNote: this.tray.add(files) > 0 });
  };

  /** An address inside this page for a file of the conversation. Rejects when it cannot be had. */
  file(id: string, isThumb = false): Promise<string> {
    return this.files.of(id, isThumb);
  }

  retry(clientId: string): void {
    this.live?.retry(this.conversation, clientId);
  }

  discard(clientId: string): void {
    this.live?.discard(this.conversation, clientId);
  }

  typing(text: string): void {
    this.live?.typing(this.conversation, this.state.site?.typing_preview ? text : undefined);
  }

  loadOlder(): Promise<boolean> {
    return this.live?.loadOlder(this.conversation) ?? Promise.resolve(false);
  }

  /** Asks for a person. Before the first message there is nothing to hand over: then it is asked in words. */
  async handOver(ask: string): Promise<void> {
    if (this.state.handing === 'asking') return;
    if (!this.state.view?.state) {
      this.wantsPerson = true;
      return this.send(ask);
    }
    this.set({ handing: 'asking', screen: 'chat' });
    try {
      const state = await this.authorised(() => this.http.post<State>('/api/v1/visitor/hand-over'));
      this.live?.setState(this.conversation, state);
      this.set({ handing: 'no' });
    } catch {
      this.set({ handing: 'failed' });
    }
  }

  quote(quoting: Entry | null): void {
    this.set({ quoting });
  }

  /** Takes a message back; an event shows that it is gone. Rejects when it stays. */
  async recall(seq: number): Promise<void> {
    await this.authorised(() => this.http.post(`/api/v1/visitor/messages/${seq}/recall`));
  }

  /** Says once what the closed conversation was worth. The answer comes as an event; rejects when it was not taken. */
  async rate(score: number, comment: string): Promise<void> {
    const closing = this.state.view?.state?.owner.epoch;
    await this.authorised(() => this.http.post('/api/v1/visitor/rating', { closing, score, comment }));
  }

  close(): void {
    this.host.say({ type: 'close' });
  }

  onShown(listener: () => void): void {
    this.host.onShown((shown) => shown && listener());
  }

  private showEarly(): void {
    this.set({ view: { ...newView('', 'visitor'), pending: this.early.pending() } });
  }

  private open(conversation: string): void {
    this.live?.stop();
    if (this.conversation && conversation !== this.conversation) {
      // What was uploaded can be sent only where it was uploaded to.
      this.tray.clear();
      // Where to open was chosen for the other one.
      this.set({ screen: null });
    }
    this.conversation = conversation;
    this.heard = null;
    this.live = new Live({
      me: 'visitor',
      storage: this.storage,
      storageKey: `macaw:${this.where.site}:outbox`,
      url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/socket`,
      protocols: async () => ['macaw.v1', `bearer.${(await this.identity.ensure()).token}`],
      renew: (why) => this.renew(why),
      fetchEntries: (_, __, after, limit) => this.entries(after, limit),
      sendByHttp: (item) => this.sendByHttp(item),
      onLink: (link) => {
        if (link.at === 'open') this.sites.refresh();
        this.set({ link });
      },
      onFallback: (simple) => {
        this.set({ simple });
        if (this.state.view) this.choose(this.state.view);
      },
    });
    this.live.watch(conversation, (view) => this.changed(view));
    this.live.start();
  }

  private async renew(why: 'expired' | 'handshake'): Promise<boolean> {
    // A failed handshake hides its status: a cheap read tells whether the token is to blame.
    if (why === 'handshake') await this.entries(Number.MAX_SAFE_INTEGER, 1);
    else this.moved((await this.identity.renew()).conversation);
    return true;
  }

  private async fetchFile(path: string, token: string): Promise<Blob> {
    const answer = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, credentials: 'omit' });
    if (answer.ok) return answer.blob();
    const { status, statusText: title } = answer;
    throw new HttpError({ type: 'about:blank', title, status, code: `http_${status}` });
  }

  private entries(after: number, limit: number): Promise<EntryPage> {
    return this.authorised(async () => {
      const path = `/api/v1/visitor/messages?after=${after}&limit=${limit}`;
      const page = await this.http.get<{ messages: EntryPage['entries']; head: number }>(path);
      return { entries: page.messages, head: page.head };
    });
  }

  private sendByHttp({ client_id, text, file, quotes }: Unacked): Promise<Sent> {
    const body = file ? { client_id, file } : { client_id, text, ...(quotes && { quotes }) };
    return this.authorised(() => this.http.post<Sent>('/api/v1/visitor/messages', body));
  }

  private async authorised<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof HttpError) || error.problem.status !== 401) throw error;
      this.moved((await this.identity.renew()).conversation);
      return call();
    }
  }

  /** A visitor whose old token was past exchange starts a new conversation. */
  private moved(conversation: string): void {
    if (conversation !== this.conversation) queueMicrotask(() => this.open(conversation));
  }

  private changed(view: View): void {
    const before = this.state.view?.state;
    // Begun in another tab: the home has nothing to say any more.
    const begins = this.state.view?.live && !before && view.state;
    this.set(begins ? { view, screen: 'chat' } : { view });
    this.choose(view);
    this.seen();
    this.listen(view);
    // Who answers has changed, so who is there may have too.
    const { state } = view;
    if (before && state && (before.status !== state.status || before.owner.kind !== state.owner.kind))
      this.sites.refresh();
    if (this.wantsPerson && view.state) {
      this.wantsPerson = false;
      if (view.state.owner.kind === 'engine') void this.handOver('');
    }
    if (!this.talked && view.public.entries.length > 0) {
      this.talked = true;
      this.host.say({ type: 'talked' });
    }
  }

  private look(): void {
    this.seen();
    if (this.shown && document.visibilityState === 'visible' && this.live) this.sites.refresh();
  }

  /** Where to open, once what there is has been read. */
  private choose(view: View): void {
    if (this.state.screen || !(view.live || this.state.simple)) return;
    this.set({ screen: firstScreen(view, Date.now()) });
  }

  private isLooking(): boolean {
    return this.shown && document.visibilityState === 'visible' && this.state.screen === 'chat';
  }

  private seen(): void {
    const { view } = this.state;
    if (!view) return;
    const isLooking = this.isLooking();
    if (isLooking) this.live?.read(this.conversation, lastSeq(view.public));
    const unread = isLooking ? 0 : unreadOf(view);
    if (unread !== this.state.unread) this.set({ unread });
    if (unread !== this.lastUnread) this.host.say({ type: 'unread', count: unread });
    this.lastUnread = unread;
  }

  /** What others say while nobody looks makes a sound. */
  private listen(view: View): void {
    if (!view.live) return;
    const heard = this.heard;
    this.heard = lastSeq(view.public);
    const isNew = view.public.entries.some(
      (e) => heard !== null && e.seq > heard && isSaid(e) && e.from !== 'visitor',
    );
    if (isNew && !this.state.quiet && !this.isLooking())
      void import('./sound.ts').then(({ chime }) => chime());
  }

  private get quietKey(): string {
    return `macaw:${this.where.site}:quiet`;
  }

  private set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
