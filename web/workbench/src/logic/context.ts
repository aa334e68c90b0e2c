import type { Entry, Summary, View } from '@macaw/client';

export type Happening = { kind: 'opened' | 'closed' | 'reopened'; at: number };
export type Context = { closings: Entry[]; notes: Entry[]; files: Entry[]; happenings: Happening[] };
const MOST_NOTES = 3;
const MOST_FILES = 6;
const MOST_HAPPENINGS = 8;

/** What the loaded part of a conversation tells beside its words, newest first. */
export function contextOf(view: View | null, begun: number): Context {
  const [spoken, notes] = [view?.public.entries ?? [], view?.internal.entries ?? []];
  const happenings: Happening[] = [{ kind: 'opened', at: begun }];
  for (const { event, at } of spoken)
    if (event?.kind === 'closed' || event?.kind === 'reopened') happenings.push({ kind: event.kind, at });
  return {
    closings: notes.filter((n) => n.event?.kind === 'summed_up').reverse(),
    notes: notes
      .filter((n) => n.kind === 'text')
      .slice(-MOST_NOTES)
      .reverse(),
    files: spoken
      .filter((e) => e.file)
      .slice(-MOST_FILES)
      .reverse(),
    happenings: happenings.slice(-MOST_HAPPENINGS).reverse(),
  };
}

/** Whether its visitor may not write at `now`. */
export function isBlocked(s: Pick<Summary, 'blocked'>, now: number): boolean {
  return !!s.blocked && (s.blocked.until === undefined || s.blocked.until > now);
}

export const SPANS = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  ever: 0,
} as const;
export type Span = keyof typeof SPANS;

/** When a block of this length ends; undefined for one that is lifted by hand. */
export function endOf(span: Span, now: number): number | undefined {
  return SPANS[span] ? now + SPANS[span] : undefined;
}
