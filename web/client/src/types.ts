// The words of docs/protocol.md, version 1. Field names are the wire's own.

export type Log = 'public' | 'internal';
export type From = 'visitor' | 'engine' | 'agent' | 'system';
export type MeKind = 'visitor' | 'agent';
export type Person = { id: string; name: string };
export type Source = { title: string; entry?: string };
export type FileInfo = {
  id: string;
  name: string;
  size: number;
  type: string;
  width?: number;
  height?: number;
};

/** What an `event` entry says happened. A reader that does not know the kind shows the entry's `text`. */
export type EntryEvent =
  | { kind: 'assigned'; agent: Person; why?: string }
  | { kind: 'queued'; position?: number; why?: string }
  | { kind: 'taken_over'; agent?: Person; why?: string }
  | { kind: 'given_back'; agent?: Person; why?: string }
  | { kind: 'transferred'; agent?: Person; to?: Person; why?: string }
  | { kind: 'closed'; agent?: Person; why?: string }
  | { kind: 'reopened'; agent?: Person; why?: string }
  | { kind: 'handed_over'; agent?: Person; why?: string }
  | { kind: 'joined'; agent?: Person; why?: string };

export type Entry = {
  seq: number;
  id: string;
  client_id?: string;
  from: From;
  author?: Person;
  kind: 'text' | 'file' | 'event';
  text: string;
  file?: FileInfo;
  event?: EntryEvent;
  sources?: Source[];
  turn?: string;
  interrupted?: boolean;
  /** Milliseconds since 1970, UTC. */
  at: number;
};

export type Owner = { kind: 'engine' | 'queue' | 'agent'; id?: string; name?: string; epoch: number };
export type Offer = { agent: Person | string; until: number };

export type State = {
  status: 'open' | 'closed';
  owner: Owner;
  /** Place in the queue, from 1. */
  position?: number;
  offered?: Offer;
  read: { visitor: number; agent: number };
  head: number;
  notes_head?: number;
};

export type Summary = {
  id: string;
  site: string;
  visitor: { id: string; name: string };
  status: 'open' | 'closed';
  owner: Owner;
  offered?: Offer;
  head: number;
  notes_head: number;
  last: { from: From; kind?: 'text' | 'image' | 'file'; text: string; at: number } | null;
  unread: number;
  waiting_since: number | null;
  created_at: number;
  version: number;
};

export type ClientFrame =
  | { op: 'watch'; conversation: string; after: number; notes_after?: number; epoch?: string }
  | { op: 'unwatch'; conversation: string }
  | { op: 'send'; conversation: string; client_id: string; text: string }
  | { op: 'send'; conversation: string; client_id: string; file: string }
  | { op: 'note'; conversation: string; client_id: string; text: string }
  | { op: 'typing'; conversation: string; text?: string }
  | { op: 'read'; conversation: string; seq: number }
  | { op: 'ping' };

export type Welcome = {
  t: 'welcome';
  version: 1;
  epoch: string;
  heartbeat_ms: number;
  me: { kind: MeKind; id: string };
};
export type Ack = {
  t: 'ack';
  conversation: string;
  client_id: string;
  log: Log;
  id: string;
  seq: number;
  at: number;
  duplicate?: true;
};
export type Watched = {
  t: 'watched';
  conversation: string;
  head: number;
  notes_head?: number;
  first: number;
  state: State | null;
  epoch: string;
};
export type Delta = {
  t: 'delta';
  conversation: string;
  turn: string;
  attempt: number;
  position: number;
  text: string;
};
export type TypingFrame = {
  t: 'typing';
  conversation: string;
  from: MeKind;
  by: string;
  text?: string;
};
export type ErrorFrame = {
  t: 'error';
  code: string;
  number: number;
  message: string;
  client_id?: string;
  conversation?: string;
  retry_after_ms?: number;
};

export type ServerFrame =
  | Welcome
  | Ack
  | { t: 'entry'; conversation: string; log: Log; entry: Entry }
  | Watched
  | { t: 'resync'; conversation: string; epoch: string }
  | { t: 'state'; conversation: string; state: State }
  | { t: 'inbox'; conversation: Summary }
  | TypingFrame
  | Delta
  | { t: 'heartbeat'; at: number; heads: Record<string, [number, number?]> }
  | { t: 'pong' }
  | { t: 'going_away'; in_ms: number }
  | ErrorFrame;

/** RFC 9457 problem details, as every HTTP error answers. `status` 0: the network failed before an answer. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  retry_after_ms?: number;
  /** The limit that was passed, in bytes. */
  limit?: number;
};

export type VisitorSession = { token: string; visitor: string; conversation: string; expires_at: number };

export type SiteCard = {
  id: string;
  name: string;
  greeting: string;
  suggestions: string[];
  colour: string;
  engine: boolean;
  online: boolean;
  typing_preview: boolean;
  /** The longest file, in bytes. */
  file_limit?: number;
};

export type Availability = 'online' | 'busy' | 'away';
export type Role = 'owner' | 'manager' | 'agent';

export type Me = {
  account: { id: string; email: string; name: string };
  tenant: { id: string; name: string };
  role: Role;
  availability: Availability;
  capacity: number;
  /** The longest file, in bytes. */
  file_limit?: number;
};

export type Member = {
  id: string;
  name: string;
  email: string;
  role: Role;
  availability: Availability;
  capacity: number;
  load: number;
};

export type Site = {
  id: string;
  name: string;
  domains: string[];
  greeting: string;
  suggestions: string[];
  colour: string;
  snippet: string;
  seen_at?: number;
};

export type SignInSession = {
  id: string;
  created_at: number;
  seen_at: number;
  agent: string;
  current: boolean;
};

export type InboxView = 'mine' | 'queue' | 'bot' | 'all' | 'closed';
export type ConversationPage = {
  conversations: Summary[];
  next?: string;
  counts: { mine: number; queue: number; bot: number; all: number };
};
export type ConversationAnswer = { conversation: Summary; state: State };
export type EntryPage = { entries: Entry[]; head: number };
export type Sent = { id: string; seq: number; at: number; duplicate?: boolean };
