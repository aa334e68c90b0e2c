import { type Entry, hasOlder, type Pending, type View } from '@macaw/client';

export type Tick = 'sending' | 'failed' | 'sent' | 'delivered' | 'read' | null;
export type Bubble = {
  kind: 'message';
  key: string;
  from: Entry['from'];
  isNote: boolean;
  name: string;
  entry: Entry | null;
  pending: Pending | null;
  text: string;
  at: number;
  isFirst: boolean;
  isLast: boolean;
  tick: Tick;
};
export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'event'; key: string; entry: Entry }
  | Bubble;

const GROUP_MS = 5 * 60_000;

/** Both logs in one line of time, with days and groups. What is not yet stored comes last. */
export function timeline(view: View, myName: string, zone?: string): Row[] {
  const dayOf = daysIn(zone);
  const rows: Row[] = [];
  const readTo = view.state?.read.visitor ?? 0;
  const deliveredTo = view.state?.delivered.visitor ?? 0;
  const tickOf = (seq: number): Tick => (seq <= readTo ? 'read' : seq <= deliveredTo ? 'delivered' : 'sent');
  for (const { entry, isNote } of merged(view)) {
    // That something was taken back is shown where it was.
    if (entry.event?.kind === 'recalled') continue;
    dayBefore(rows, entry.at, dayOf);
    const key = `${isNote ? 'n' : 'p'}${entry.seq}`;
    if (entry.kind === 'event' || entry.kind === 'recalled') {
      rows.push({ kind: 'event', key, entry });
      continue;
    }
    const isOurs = entry.from === 'agent' && !isNote;
    const tick: Tick = isOurs ? tickOf(entry.seq) : null;
    const { from, text, at } = entry;
    push(rows, { key, from, isNote, name: entry.author?.name ?? '', entry, pending: null, text, at, tick });
  }
  for (const pending of view.pending) {
    dayBefore(rows, pending.at, dayOf);
    const isNote = pending.log === 'internal';
    const { client_id: key, text, at, status: tick } = pending;
    push(rows, { key, from: 'agent', isNote, name: myName, entry: null, pending, text, at, tick });
  }
  return rows;
}

function* merged(view: View): Generator<{ entry: Entry; isNote: boolean }> {
  const spoken = view.public.entries;
  const from = hasOlder(view.public) ? (spoken[0]?.at ?? 0) : 0;
  const notes = view.internal.entries.filter((n) => n.at >= from);
  let n = 0;
  for (const entry of spoken) {
    for (let note = notes[n]; note && note.at < entry.at; note = notes[++n])
      yield { entry: note, isNote: true };
    yield { entry, isNote: false };
  }
  for (const entry of notes.slice(n)) yield { entry, isNote: true };
}

function daysIn(zone?: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone });
  return (at) => format.format(at);
}

function dayBefore(rows: Row[], at: number, dayOf: (at: number) => string): void {
  const last = rows.at(-1);
  const lastAt = last && (last.kind === 'event' ? last.entry.at : last.at);
  if (lastAt !== undefined && dayOf(lastAt) === dayOf(at)) return;
  rows.push({ kind: 'day', key: `d${at}`, at });
}

function push(rows: Row[], bubble: Omit<Bubble, 'kind' | 'isFirst' | 'isLast'>): void {
  const last = rows.at(-1);
  const joins =
    last?.kind === 'message' &&
    last.from === bubble.from &&
    last.isNote === bubble.isNote &&
    last.name === bubble.name &&
    bubble.at - last.at < GROUP_MS;
  if (joins) rows[rows.length - 1] = { ...last, isLast: false };
  rows.push({ kind: 'message', ...bubble, isFirst: !joins, isLast: true });
}

export type Part = { text: string; href?: string };

/** Plain text with its web addresses as links. */
export function linked(text: string): Part[] {
  return text.split(/(https?:\/\/[^\s<>"'）】，。]+)/g).flatMap((part, i) => {
    if (!part) return [];
    return i % 2 ? [{ text: part, href: part }] : [{ text: part }];
  });
}
