import { addEntry, addPage, emptyLog, jump, type LogView, lastSeq, withoutRecalled } from './log.ts';
import type { Ack, Delta, Entry, Log, MeKind, ServerFrame, State, TypingFrame, Watched } from './types.ts';

/** A message of ours that the server has not shown back yet. `sent`: acknowledged, its entry is on the way. */
export type Pending = {
  client_id: string;
  log: Log;
  text: string;
  file?: string;
  quotes?: number;
  at: number;
  status: 'sending' | 'sent' | 'failed';
  seq?: number;
  /** Why it failed: the code of the server's error. */
  code?: string;
};

/** A part of an engine's answer. `length` counts code points, the unit of a delta's `position`. */
export type Streaming = { turn: string; attempt: number; text: string; length: number };
export type Typing = { from: MeKind; by: string; text?: string; until: number };
export type Needs = { after?: number; notes_after?: number };

/** Everything one client knows of one conversation. Values, never changed in place. */
export type View = {
  conversation: string;
  me: MeKind;
  epoch: string | null;
  /** True once the server has said `watched`. */
  live: boolean;
  public: LogView;
  internal: LogView;
  pending: readonly Pending[];
  state: State | null;
  typing: Typing | null;
  streaming: Streaming | null;
  /** Entries to fetch over HTTP: those after these seqs. */
  needs: Needs | null;
};

/** What happens on this side of the wire. */
export type LocalFrame =
  | { t: 'compose'; pending: Pending }
  | { t: 'failed'; client_id: string; code: string }
  | { t: 'retry'; client_id: string }
  | { t: 'discard'; client_id: string }
  | { t: 'page'; log: Log; after: number; entries: readonly Entry[]; head: number }
  | { t: 'tick' };

export type Input = ServerFrame | LocalFrame;

const TYPING_MS = 6000;

export function newView(conversation: string, me: MeKind, after = 0, notesAfter = 0): View {
  return {
    conversation,
    me,
    epoch: null,
    live: false,
    public: emptyLog(after),
    internal: emptyLog(notesAfter),
    pending: [],
    state: null,
    typing: null,
    streaming: null,
    needs: null,
  };
}

/** The next view. Pure; `now` is only used to say when a typing mark ends. Frames of other conversations change nothing. */
export function reduce(view: View, input: Input, now = 0): View {
  if ('conversation' in input && input.conversation !== view.conversation) return view;
  switch (input.t) {
    case 'entry':
      return onEntry(view, input.log, input.entry);
    case 'ack':
      return onAck(view, input);
    case 'watched':
      return onWatched(view, input);
    case 'resync':
      return reset(view, input.epoch);
    case 'state':
      return onState(view, input.state);
    case 'delta':
      return onDelta(view, input);
    case 'typing':
      return onTyping(view, input, now);
    case 'page':
      return settle(view, input.log, addPage(view[input.log], input.after, input.entries, input.head));
    case 'compose':
      return { ...view, pending: [...view.pending, input.pending] };
    case 'failed':
      return patch(view, input.client_id, { status: 'failed', code: input.code });
    case 'retry':
      return patch(view, input.client_id, { status: 'sending', code: undefined });
    case 'discard':
      return { ...view, pending: view.pending.filter((p) => p.client_id !== input.client_id) };
    case 'tick':
      return view.typing && view.typing.until <= now ? { ...view, typing: null } : view;
    default:
      return view;
  }
}

function onEntry(view: View, log: Log, entry: Entry): View {
  const next = settle(view, log, addEntry(view[log], entry));
  if (log === 'internal') return next;
  const typing = next.typing && next.typing.from === entry.from ? null : next.typing;
  const streaming = entry.turn && entry.turn === next.streaming?.turn ? null : next.streaming;
  return typing === next.typing && streaming === next.streaming ? next : { ...next, typing, streaming };
}

/** Puts a log in place, drops what it confirms from `pending`, and says what is missing. */
function settle(view: View, log: Log, added: LogView): View {
  if (added === view[log]) return view;
  const value = withoutRecalled(view[log], added);
  const next: View = { ...view, [log]: value };
  if (next.pending.length > 0) {
    const shown = [...value.entries.slice(-250), ...value.ahead];
    const pending = next.pending.filter(
      (p) =>
        p.log !== log ||
        !shown.some((e) => (e.client_id === p.client_id && e.from === view.me) || e.seq === p.seq),
    );
    if (pending.length < next.pending.length) next.pending = pending;
  }
  const turn = next.streaming?.turn;
  if (turn && isAnswered(next, turn)) next.streaming = null;
  next.needs = missing(next);
  return next;
}

/** Before the first `watched` a hole is not a gap: the replay may start late on purpose. */
function missing(view: View): Needs | null {
  if (!view.live) return null;
  const needs: Needs = {};
  if (isBehind(view.public)) needs.after = lastSeq(view.public);
  if (view.me === 'agent' && isBehind(view.internal)) needs.notes_after = lastSeq(view.internal);
  return needs.after === undefined && needs.notes_after === undefined ? null : needs;
}

function isBehind(log: LogView): boolean {
  return log.head > lastSeq(log);
}

function onAck(view: View, ack: Ack): View {
  if (ack.seq <= lastSeq(view[ack.log])) {
    const pending = view.pending.filter((p) => p.client_id !== ack.client_id);
    return pending.length < view.pending.length ? { ...view, pending } : view;
  }
  return patch(view, ack.client_id, { status: 'sent', seq: ack.seq, at: ack.at, code: undefined });
}

function patch(view: View, clientId: string, change: Partial<Pending>): View {
  if (!view.pending.some((p) => p.client_id === clientId)) return view;
  return {
    ...view,
    pending: view.pending.map((p) => (p.client_id === clientId ? { ...p, ...change } : p)),
  };
}

function onWatched(view: View, frame: Watched): View {
  const known = view.epoch !== null && view.epoch !== frame.epoch ? reset(view, frame.epoch) : view;
  const next: View = {
    ...known,
    live: true,
    epoch: frame.epoch,
    state: frame.state,
    public: opened(known.public, frame.head),
    internal: opened(known.internal, frame.notes_head ?? known.internal.head),
  };
  if (next.state && next.state.owner.kind !== 'engine') next.streaming = null;
  next.needs = missing(next);
  return next;
}

function opened(log: LogView, head: number): LogView {
  const known = { ...log, head: Math.max(log.head, head) };
  return known.entries.length === 0 ? jump(known) : known;
}

/** Forgets what was read; keeps what we still want to say. */
function reset(view: View, epoch: string): View {
  const pending = view.pending.filter((p) => p.status !== 'sent');
  return { ...newView(view.conversation, view.me), epoch, pending };
}

function onState(view: View, state: State): View {
  // An HTTP answer may overtake a frame: the owner's epoch never goes back.
  if (view.state && state.owner.epoch < view.state.owner.epoch) return view;
  const streaming = state.owner.kind === 'engine' ? view.streaming : null;
  return { ...view, state, streaming };
}

function isAnswered(view: View, turn: string): boolean {
  return view.public.entries.slice(-50).some((e) => e.turn === turn);
}

function onDelta(view: View, delta: Delta): View {
  const now = view.streaming;
  const same = now !== null && now.turn === delta.turn;
  if (same && delta.attempt < now.attempt) return view;
  if (!same && isAnswered(view, delta.turn)) return view;
  const held = same && delta.attempt === now.attempt ? now : { text: '', length: 0 };
  const { turn, attempt } = delta;
  // A part whose beginning was lost waits for the final entry, which replaces everything.
  if (delta.position > held.length) {
    return held === now ? view : { ...view, streaming: { turn, attempt, text: '', length: 0 } };
  }
  const kept =
    delta.position === held.length ? held.text : points(held.text).slice(0, delta.position).join('');
  const text = kept + delta.text;
  const length = delta.position + points(delta.text).length;
  // A repeated part must not cut what came after it.
  if (held === now && length < held.length && held.text.startsWith(text)) return view;
  return { ...view, streaming: { turn, attempt, text, length } };
}

function points(text: string): string[] {
  return Array.from(text);
}

function onTyping(view: View, frame: TypingFrame, now: number): View {
  if (frame.from === 'visitor' && view.me === 'visitor') return view;
  const { from, by, text } = frame;
  return { ...view, typing: { from, by, text, until: now + TYPING_MS } };
}
