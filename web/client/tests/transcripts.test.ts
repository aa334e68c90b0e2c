/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type ClientFrame,
  type Entry,
  type Input,
  lastSeq,
  type MeKind,
  newView,
  reduce,
  type ServerFrame,
  type State,
  type View,
} from '../src/index.ts';

type Line = {
  who: MeKind;
  gets?: ServerFrame;
  sends?: ClientFrame;
  opens?: true;
  closed?: number;
  asks?: string;
};
type Transcript = {
  says: string;
  conversation: string;
  lines: Line[];
  read: { public: Entry[]; internal: Entry[]; state: Record<MeKind, State> };
};

const folder = new URL('../../../crates/wire/transcripts/', import.meta.url);
const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Transcript] as const);

/** What the client itself does when it sends this. */
function composed(view: View, frame: ClientFrame): Input[] {
  if (frame.op !== 'send' && frame.op !== 'note') return [];
  const { client_id } = frame;
  const log = frame.op === 'note' ? 'internal' : 'public';
  // A message that is here already, or on its way, is sent again without a second bubble.
  const known =
    view.pending.some((p) => p.client_id === client_id) ||
    view[log].entries.some((e) => e.client_id === client_id && e.from === view.me);
  const text = 'text' in frame ? (frame.text ?? '') : '';
  return known ? [] : [{ t: 'compose', pending: { client_id, log, text, at: 0, status: 'sending' } }];
}

function received(frame: ServerFrame): Input[] {
  if (frame.t === 'error' && frame.client_id) {
    return [{ t: 'failed', client_id: frame.client_id, code: frame.code }];
  }
  return [frame];
}

function play(transcript: Transcript, who: MeKind): View[] {
  const views = [newView(transcript.conversation, who)];
  for (const line of transcript.lines.filter((l) => l.who === who)) {
    let view = views.at(-1) as View;
    if (line.sends?.op === 'watch' && view.epoch !== null) {
      expect(line.sends.after, 'a client watches from what it has').toBe(lastSeq(view.public));
    }
    const inputs = line.sends ? composed(view, line.sends) : line.gets ? received(line.gets) : [];
    for (const input of inputs) view = reduce(view, input, 0);
    views.push(view);
  }
  return views;
}

/** A client that comes afterwards and reads everything at once. */
function fresh({ conversation, read }: Transcript, who: MeKind, epoch: string): View {
  const entry = (log: 'public' | 'internal') => (e: Entry) =>
    ({ t: 'entry', conversation, log, entry: e }) satisfies ServerFrame;
  const agent = who === 'agent';
  const watched: ServerFrame = {
    t: 'watched',
    conversation,
    head: read.public.length,
    first: 1,
    state: read.state[who],
    epoch,
    ...(agent ? { notes_head: read.internal.length } : {}),
  };
  const notes = agent ? read.internal.map(entry('internal')) : [];
  return [...read.public.map(entry('public')), ...notes, watched].reduce(
    (view: View, frame) => reduce(view, frame, 0),
    newView(conversation, who),
  );
}

/** The seqs of a view and its state; heads that a state carries move with the next state only. */
function shown(view: View) {
  const state = view.state && { ...view.state, head: 0, notes_head: 0, read: null };
  const { public: log, internal, streaming, needs } = view;
  return { public: log.entries, internal: internal.entries, streaming, needs, state };
}

describe.each(transcripts)('%s', (_, transcript) => {
  const sides = (['visitor', 'agent'] as const).filter((who) =>
    transcript.lines.some((l) => l.who === who && l.opens),
  );

  it.each(sides)('the events give what a fresh read gives: %s', (who) => {
    const view = play(transcript, who).at(-1) as View;
    const unsent = view.pending.filter((p) => p.status !== 'failed');
    expect(unsent).toEqual([]);
    expect(shown(view)).toEqual(shown(fresh(transcript, who, view.epoch ?? '')));
    expect(view.public.entries.map((e) => e.seq)).toEqual(transcript.read.public.map((e) => e.seq));
  });

  it.each(sides)('nothing that was shown disappears or doubles on the way: %s', (who) => {
    const resets = transcript.lines.some((l) => l.gets?.t === 'resync');
    let before: readonly Entry[] = [];
    for (const view of play(transcript, who)) {
      const seqs = view.public.entries.map((e) => e.seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      // What was taken back leaves its place and nothing else.
      const now = view.public.entries
        .slice(0, before.length)
        .map((e, n) => (e.kind === 'recalled' ? before[n] : e));
      if (!resets) expect(now).toEqual(before);
      before = view.public.entries;
    }
  });
});

it('what was taken back is in no view any more', () => {
  const [, transcript] = transcripts.find(([file]) => file === 'quote-and-recall.json') as [
    string,
    Transcript,
  ];
  for (const who of ['visitor', 'agent'] as const) {
    const views = play(transcript, who);
    expect(views.some((view) => JSON.stringify(view.public).includes('4111'))).toBe(true);
    expect(JSON.stringify(views.at(-1)?.public)).not.toContain('4111');
    expect(views.at(-1)?.public.entries[2]).toMatchObject({ text: 'Yes, three.', quotes: 1 });
  }
});

it('there are transcripts', () => {
  expect(transcripts.length).toBeGreaterThanOrEqual(8);
});

describe('answers in parts', () => {
  const texts = (name: string, who: MeKind) => {
    const transcript = transcripts.find(([file]) => file === name)?.[1] as Transcript;
    return play(transcript, who).flatMap((view) => (view.streaming ? [view.streaming.text] : []));
  };

  it('grow with each part, counted in code points', () => {
    expect(new Set(texts('hand-over.json', 'visitor'))).toEqual(
      new Set(['', '7 天内', '7 天内可以 🦜 ', '7 天内可以 🦜 退货。']),
    );
  });

  it('begin again with a higher attempt, and a late part of the old one changes nothing', () => {
    const seen = texts('crash-in-mid-answer.json', 'visitor');
    expect(seen.at(-1)).toBe('7 天内可以退货。');
    expect(seen.filter((text) => text === '7 天').length).toBe(2);
  });

  it('reach an agent who comes in mid-answer from the beginning', () => {
    expect(texts('taken-over-in-mid-answer.json', 'agent')[0]).toBe('7 天内');
  });
});
