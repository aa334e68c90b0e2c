import type { Entry, From, Pending, View } from '@macaw/client';

export type Delivery = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
export type Message = {
  kind: 'message';
  /** Stable from the pending message (or the stream) to its entry, so that nothing flickers. */
  key: string;
  from: From;
  name?: string;
  text: string;
  at: number;
  /** First and last of a group of bubbles by one author. */
  first: boolean;
  last: boolean;
  entry?: Entry;
  pending?: Pending;
  delivery?: Delivery;
  streaming?: boolean;
};
export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'event'; key: string; entry: Entry }
  | Message;

const GROUP_MS = 5 * 60 * 1000;

/** What the messenger shows, top to bottom. */
export function rowsOf(view: View, now: number, greeting?: string): Row[] {
  const rows: Row[] = [];
  const { entries } = view.public;
  if (greeting && view.public.base === 0) {
    const at = entries[0]?.at ?? view.pending[0]?.at ?? now;
    rows.push(day(at), {
      kind: 'message',
      key: 'greeting',
      from: 'system',
      text: greeting,
      at,
      first: true,
      last: true,
    });
  }
  for (const entry of entries) {
    // That something was taken back is shown where it was.
    if (entry.event?.kind === 'recalled') continue;
    if (entry.kind === 'event' || entry.kind === 'recalled')
      push(rows, { kind: 'event', key: entry.id, entry });
    else {
      const delivery = entry.from === 'visitor' ? deliveryOf(entry, view) : undefined;
      const name = entry.author?.name;
      const { from, text, at } = entry;
      push(rows, {
        kind: 'message',
        key: keyOf(entry),
        from,
        name,
        text,
        at,
        first: true,
        last: true,
        entry,
        delivery,
      });
    }
  }
  for (const pending of view.pending) {
    if (pending.log !== 'public') continue;
    const { client_id: key, text, at, status: delivery } = pending;
    push(rows, {
      kind: 'message',
      key,
      from: 'visitor',
      text,
      at,
      first: true,
      last: true,
      pending,
      delivery,
    });
  }
  const { streaming } = view;
  if (streaming) {
    const { turn: key, text } = streaming;
    push(rows, {
      kind: 'message',
      key,
      from: 'engine',
      text,
      at: now,
      first: true,
      last: true,
      streaming: true,
    });
  }
  return rows;
}

function keyOf(entry: Entry): string {
  return (entry.from === 'engine' ? entry.turn : entry.client_id) ?? entry.id;
}

function day(at: number): Row {
  return { kind: 'day', key: `day-${dayOf(at)}`, at };
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}

function push(rows: Row[], row: Exclude<Row, { kind: 'day' }>) {
  const at = row.kind === 'event' ? row.entry.at : row.at;
  const before = rows.at(-1);
  const beforeAt = !before ? null : before.kind === 'event' ? before.entry.at : before.at;
  if (beforeAt === null || dayOf(beforeAt) !== dayOf(at)) rows.push(day(at));
  else if (row.kind === 'message' && before?.kind === 'message') {
    const same = before.from === row.from && before.name === row.name && row.at - before.at < GROUP_MS;
    if (same) {
      before.last = false;
      row.first = false;
    }
  }
  rows.push(row);
}

function deliveryOf(entry: Entry, { state }: View): Delivery {
  if (entry.seq <= (state?.read.agent ?? 0)) return 'read';
  return entry.seq <= (state?.delivered.agent ?? 0) ? 'delivered' : 'sent';
}

/** A message that is there: no event, and not taken back. */
export function isSaid({ kind }: Entry): boolean {
  return kind !== 'event' && kind !== 'recalled';
}

// A little less than the server allows, so that a press is not refused on the way.
const RECALL_MS = 115_000;

/** Whether the visitor may still take it back. */
export function canRecall(entry: Entry, now: number): boolean {
  return entry.from === 'visitor' && isSaid(entry) && now - entry.at < RECALL_MS;
}

/** Messages of others beyond the visitor's own read cursor. */
export function unreadOf(view: View): number {
  const read = view.state?.read.visitor ?? 0;
  return view.public.entries.filter((e) => e.seq > read && isSaid(e) && e.from !== 'visitor').length;
}

/** Closed, and not rated since. */
export function canRate(view: View): boolean {
  if (view.state?.status !== 'closed') return false;
  const kinds = view.public.entries.map((e) => e.event?.kind);
  return kinds.lastIndexOf('closed') > kinds.lastIndexOf('rated');
}
