import type { Entry } from './types.ts';

/**
 * A window on one log: `entries` hold the seqs base+1 … base+n without a hole or a twin.
 * `ahead` are entries that came while something before them is missing; they join when the gap is filled.
 */
export type LogView = {
  base: number;
  /** Nothing exists at or below this seq (0, or where retention has cut). Older pages end here. */
  floor: number;
  entries: readonly Entry[];
  ahead: readonly Entry[];
  /** The highest seq the server is known to have. */
  head: number;
};

export function emptyLog(after = 0): LogView {
  return { base: after, floor: 0, entries: [], ahead: [], head: after };
}

/** The last seq held without a hole; where to watch from. */
export function lastSeq(log: LogView): number {
  return log.base + log.entries.length;
}

/** True when there is history before the window. */
export function hasOlder(log: LogView): boolean {
  return log.base > log.floor;
}

export function addEntry(log: LogView, entry: Entry): LogView {
  const last = lastSeq(log);
  if (entry.seq <= last) return log;
  const head = Math.max(log.head, entry.seq);
  if (entry.seq > last + 1) return { ...log, head, ahead: insert(log.ahead, entry) };
  return join({ ...log, head, entries: [...log.entries, entry] });
}

/** A page read over HTTP is the truth for the seqs it spans: what it skips does not exist (any more). */
export function addPage(log: LogView, after: number, page: readonly Entry[], head: number): LogView {
  const known = { ...log, head: Math.max(log.head, head) };
  const first = page[0];
  if (after < log.base) return addOlder(known, after, page);
  if (!first) return after >= head || after !== lastSeq(log) ? known : jump(known);
  const last = lastSeq(known);
  if (first.seq > last + 1 && after <= last) {
    const fresh = { ...known, base: first.seq - 1, floor: first.seq - 1, entries: [] };
    return page.reduce(addEntry, fresh);
  }
  return page.reduce(addEntry, known);
}

function addOlder(log: LogView, after: number, page: readonly Entry[]): LogView {
  const older = page.filter((e) => e.seq <= log.base);
  const first = older[0];
  if (!first) return { ...log, floor: log.base };
  if (older.at(-1)?.seq !== log.base) return log;
  const floor = first.seq > after + 1 ? first.seq - 1 : log.floor;
  return { ...log, floor, base: first.seq - 1, entries: [...older, ...log.entries] };
}

/** Takes out what the entries that came say was taken back, wherever it stands in the window. */
export function withoutRecalled(before: LogView, log: LogView): LogView {
  const isLonger = log.base === before.base && log.entries.length >= before.entries.length;
  const fresh = isLonger ? log.entries.slice(before.entries.length) : log.entries;
  const seqs = new Set([...fresh, ...log.ahead].flatMap((e) => e.event?.seq ?? []));
  if (seqs.size === 0) return log;
  const clear = (e: Entry) => (seqs.has(e.seq) && e.kind !== 'recalled' ? recalled(e) : e);
  return { ...log, entries: log.entries.map(clear), ahead: log.ahead.map(clear) };
}

/** As a fresh read shows it: its place and its author, and nothing of what it said. */
function recalled({ seq, id, client_id, from, author, at }: Entry): Entry {
  return {
    seq,
    id,
    ...(client_id !== undefined && { client_id }),
    from,
    ...(author !== undefined && { author }),
    kind: 'recalled',
    text: '',
    at,
  };
}

/** Starts the window at the first entry ahead: everything before it is left for `addOlder`. */
export function jump(log: LogView): LogView {
  const first = log.ahead[0];
  return first ? join({ ...log, base: first.seq - 1, entries: [] }) : log;
}

function insert(ahead: readonly Entry[], entry: Entry): readonly Entry[] {
  if (ahead.some((e) => e.seq === entry.seq)) return ahead;
  const at = ahead.findIndex((e) => e.seq > entry.seq);
  return at < 0 ? [...ahead, entry] : [...ahead.slice(0, at), entry, ...ahead.slice(at)];
}

function join(log: LogView): LogView {
  if (log.ahead.length === 0) return log;
  const entries = [...log.entries];
  const ahead: Entry[] = [];
  for (const e of log.ahead) {
    const next = log.base + entries.length + 1;
    if (e.seq === next) entries.push(e);
    else if (e.seq > next) ahead.push(e);
  }
  return { ...log, entries, ahead };
}
