import type { ConversationPage, InboxView, Offer, Summary } from '@macaw/client';

export type Counts = ConversationPage['counts'];
export const views: readonly InboxView[] = ['mine', 'queue', 'bot', 'all', 'closed'];

export function offeredTo(offered: Offer | undefined): string | null {
  return offered?.agent ?? null;
}

export function isIn(view: InboxView, s: Summary, me: string): boolean {
  if (view === 'closed') return s.status === 'closed';
  if (s.status === 'closed') return false;
  // As the server counts: what is offered to me is mine to decide.
  if (view === 'mine') return (s.owner.kind === 'agent' && s.owner.id === me) || offeredTo(s.offered) === me;
  if (view === 'queue') return s.owner.kind === 'queue';
  return view === 'all' || s.owner.kind === 'engine';
}

/** The visitor waits, and the engine is at it. */
export function isAnswering(s: Summary): boolean {
  return s.status === 'open' && s.owner.kind === 'engine' && s.waiting_since !== null;
}

/** Who waits longest first; then the latest word. The id keeps the order steady. */
export function byWaiting(a: Summary, b: Summary): number {
  if (a.waiting_since !== b.waiting_since) {
    if (a.waiting_since === null) return 1;
    if (b.waiting_since === null) return -1;
    return a.waiting_since - b.waiting_since;
  }
  return (b.last?.at ?? b.created_at) - (a.last?.at ?? a.created_at) || (a.id < b.id ? -1 : 1);
}

export function matches(s: Summary, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return `${s.visitor.name}\n${s.last?.text ?? ''}`.toLowerCase().includes(wanted);
}

export type Filter = { site: string; tag: string };

export function passes(s: Summary, { site, tag }: Filter): boolean {
  return (!site || s.site === site) && (!tag || !!s.tags?.includes(tag));
}

/** As the server is asked for what passes. */
export function asQuery({ site, tag }: Filter): string {
  return (site ? `&site=${site}` : '') + (tag ? `&tag=${tag}` : '');
}

/** An older picture never replaces a newer one. */
export function isNewer(known: Summary | undefined, next: Summary): boolean {
  return (
    !known || next.version > known.version || (next.version === known.version && next.head >= known.head)
  );
}

export function recount(counts: Counts, known: Summary, next: Summary, me: string): Counts {
  const result = { ...counts };
  for (const view of ['mine', 'queue', 'bot', 'all'] as const) {
    const change = Number(isIn(view, next, me)) - Number(isIn(view, known, me));
    result[view] = Math.max(0, result[view] + change);
  }
  return result;
}

export function sameCounts(a: Counts, b: Counts): boolean {
  return a.mine === b.mine && a.queue === b.queue && a.bot === b.bot && a.all === b.all;
}

/**
 * Whether counts that were asked for may be shown when they come. The server may have counted before a move
 * that was told meanwhile: then what was counted here is nearer to the truth, and the answer is asked again.
 */
export class Tally {
  private moves = 0;
  private isKnown = false;

  /** A conversation moved between lists, or one came that no list knew. */
  moved(): void {
    this.moves++;
  }

  /** Call when asking; the answer goes with `fits`. */
  asks(): number {
    return this.moves;
  }

  fits(asked: number): boolean {
    const isFirst = !this.isKnown;
    this.isKnown = true;
    return isFirst || asked === this.moves;
  }

  /** False when the shown counts may lack a move that was told while they were asked for. */
  isSettled(asked: number): boolean {
    return asked === this.moves;
  }
}
