import { describe, expect, it } from 'vitest';
import { hasOlder, type Input, lastSeq, newView, type Pending, reduce, type View } from '../src/index.ts';
import { entry, entryFrame, state, watched } from './world.ts';

const seqs = (view: View) => view.public.entries.map((e) => e.seq);
const play = (view: View, ...inputs: Input[]) => inputs.reduce((v, i) => reduce(v, i, 1000), view);
const visitor = () => newView('c', 'visitor');
const draft = (client_id: string): Pending => ({
  client_id,
  log: 'public',
  text: 'hello',
  at: 5,
  status: 'sending',
});

describe('the log', () => {
  it('takes entries once and in order', () => {
    const view = play(visitor(), watched(0), entryFrame(1), entryFrame(2), entryFrame(2), entryFrame(1));
    expect(seqs(view)).toEqual([1, 2]);
    expect(view.needs).toBeNull();
  });

  it('keeps nothing of what was taken back, in whichever order it learns that', () => {
    const recall = {
      ...entry(3),
      kind: 'event' as const,
      from: 'system' as const,
      event: { kind: 'recalled' as const, seq: 1 },
    };
    const frame = { t: 'entry' as const, conversation: 'c', log: 'public' as const, entry: recall };
    const inOrder = play(visitor(), watched(0), entryFrame(1), entryFrame(2), frame);
    const ahead = play(visitor(), watched(0), entryFrame(2), frame, entryFrame(1));
    const page = {
      t: 'page' as const,
      log: 'public' as const,
      after: 1,
      entries: [entry(2), recall],
      head: 3,
    };
    const filled = play(visitor(), watched(0), entryFrame(1), page);
    for (const view of [inOrder, ahead, filled]) {
      expect(seqs(view)).toEqual([1, 2, 3]);
      expect(view.public.entries[0]).toMatchObject({ kind: 'recalled', text: '', from: entry(1).from });
      expect(view.public.entries[1]).toEqual(entry(2));
    }
  });

  it('holds back what comes after a hole and says what it needs', () => {
    const gap = play(visitor(), watched(1), entryFrame(1), entryFrame(4), entryFrame(3));
    expect(seqs(gap)).toEqual([1]);
    expect(gap.needs).toEqual({ after: 1 });
    const full = reduce(gap, { t: 'page', log: 'public', after: 1, entries: [entry(2), entry(3)], head: 4 });
    expect(seqs(full)).toEqual([1, 2, 3, 4]);
    expect(full.needs).toBeNull();
  });

  it('starts at the replay when it knows nothing, and reads older pages on demand', () => {
    const view = play(visitor(), entryFrame(301), entryFrame(302), watched(302, 301));
    expect(seqs(view)).toEqual([301, 302]);
    expect(view.needs).toBeNull();
    expect(hasOlder(view.public)).toBe(true);
    const older = reduce(view, {
      t: 'page',
      log: 'public',
      after: 298,
      entries: [entry(299), entry(300)],
      head: 302,
    });
    expect(seqs(older)).toEqual([299, 300, 301, 302]);
  });

  it('asks for the gap when a reconnect replays from further on', () => {
    const view = play(visitor(), entryFrame(1), watched(1), entryFrame(50), watched(50, 50));
    expect(view.needs).toEqual({ after: 1 });
  });

  it('learns the floor that retention has raised', () => {
    const view = play(visitor(), entryFrame(5), entryFrame(6), watched(6, 5));
    const older = reduce(view, {
      t: 'page',
      log: 'public',
      after: 0,
      entries: [entry(3), entry(4)],
      head: 6,
    });
    expect(seqs(older)).toEqual([3, 4, 5, 6]);
    expect(hasOlder(older.public)).toBe(false);
  });

  it('keeps notes apart, and asks for missing notes', () => {
    const view = play(newView('c', 'agent'), watched(0), {
      t: 'entry',
      conversation: 'c',
      log: 'internal',
      entry: entry(2),
    });
    expect(view.public.entries).toEqual([]);
    expect(view.needs).toEqual({ notes_after: 0 });
  });

  it('ignores frames of other conversations', () => {
    const view = visitor();
    expect(reduce(view, { ...entryFrame(1), conversation: 'other' } as Input)).toBe(view);
  });

  it('forgets everything but unsent messages at a resync', () => {
    const view = play(
      visitor(),
      watched(1),
      entryFrame(1),
      { t: 'compose', pending: draft('a') },
      {
        t: 'resync',
        conversation: 'c',
        epoch: 'e2',
      },
    );
    expect(seqs(view)).toEqual([]);
    expect(view.pending).toHaveLength(1);
    expect(view.epoch).toBe('e2');
  });
});

describe('own messages', () => {
  it.each([
    ['ack before entry', [0, 1]],
    ['entry before ack', [1, 0]],
  ])('shows one message: %s', (_, order) => {
    const ack: Input = {
      t: 'ack',
      conversation: 'c',
      client_id: 'a',
      log: 'public',
      id: 'm1',
      seq: 1,
      at: 9,
    };
    const own = entryFrame(1, { from: 'visitor', client_id: 'a' });
    const both = order.map((i) => (i === 0 ? ack : own));
    const view = play(visitor(), watched(0), { t: 'compose', pending: draft('a') }, ...both);
    expect(seqs(view)).toEqual([1]);
    expect(view.pending).toEqual([]);
  });

  it('marks an acknowledged message as sent until its entry is here', () => {
    const view = play(
      visitor(),
      watched(0),
      { t: 'compose', pending: draft('a') },
      {
        t: 'ack',
        conversation: 'c',
        client_id: 'a',
        log: 'public',
        id: 'm2',
        seq: 2,
        at: 9,
      },
    );
    expect(view.pending[0]).toMatchObject({ status: 'sent', seq: 2 });
    expect(play(view, entryFrame(1), entryFrame(2, { from: 'visitor' })).pending).toEqual([]);
  });

  it('does not mistake a foreign client id for its own', () => {
    const view = play(visitor(), watched(0), { t: 'compose', pending: draft('a') });
    expect(reduce(view, entryFrame(1, { from: 'agent', client_id: 'a' })).pending).toHaveLength(1);
  });

  it('can fail, be tried again and be discarded', () => {
    const failed = play(
      visitor(),
      { t: 'compose', pending: draft('a') },
      { t: 'failed', client_id: 'a', code: 'x' },
    );
    expect(failed.pending[0]).toMatchObject({ status: 'failed', code: 'x' });
    expect(reduce(failed, { t: 'retry', client_id: 'a' }).pending[0]?.status).toBe('sending');
    expect(reduce(failed, { t: 'discard', client_id: 'a' }).pending).toEqual([]);
  });
});

describe('streaming', () => {
  const delta = (position: number, text: string, attempt = 1, turn = 't1'): Input => ({
    t: 'delta',
    conversation: 'c',
    turn,
    attempt,
    position,
    text,
  });

  it('joins parts by code points', () => {
    const view = play(visitor(), delta(0, ''), delta(0, '你好🦜'), delta(3, '!'));
    expect(view.streaming?.text).toBe('你好🦜!');
  });

  it('takes repeated and overlapping parts once', () => {
    const view = play(visitor(), delta(0, 'abc'), delta(0, 'ab'), delta(2, 'cde'));
    expect(view.streaming?.text).toBe('abcde');
  });

  it('replaces at a higher attempt and ignores a lower one', () => {
    const view = play(visitor(), delta(0, 'old', 1), delta(0, 'new', 2), delta(3, 'er', 1));
    expect(view.streaming).toMatchObject({ text: 'new', attempt: 2 });
  });

  it('waits for the rest when a part was lost', () => {
    const view = play(visitor(), delta(0, 'ab'), delta(9, 'zz'));
    expect(view.streaming?.text).toBe('ab');
  });

  it('ends with the entry of the turn, and late parts change nothing', () => {
    const done = play(visitor(), watched(0), delta(0, 'ab'), entryFrame(1, { from: 'engine', turn: 't1' }));
    expect(done.streaming).toBeNull();
    expect(reduce(done, delta(2, 'c'))).toBe(done);
  });

  it('ends when somebody else owns the conversation', () => {
    const view = play(visitor(), delta(0, 'ab'), {
      t: 'state',
      conversation: 'c',
      state: state({ owner: { kind: 'queue', epoch: 2 } }),
    });
    expect(view.streaming).toBeNull();
  });
});

describe('typing and state', () => {
  it('hides typing after 6 s, and at a message', () => {
    const on = reduce(visitor(), { t: 'typing', conversation: 'c', from: 'agent', by: 'x' }, 1000);
    expect(on.typing?.until).toBe(7000);
    expect(reduce(on, { t: 'tick' }, 6999)).toBe(on);
    expect(reduce(on, { t: 'tick' }, 7000).typing).toBeNull();
    expect(reduce(on, entryFrame(1)).typing).toBeNull();
  });

  it('never goes back to an older owner', () => {
    const newer = state({ owner: { kind: 'agent', epoch: 3 } });
    const view = play(
      visitor(),
      { t: 'state', conversation: 'c', state: newer },
      {
        t: 'state',
        conversation: 'c',
        state: state({ owner: { kind: 'queue', epoch: 2 } }),
      },
    );
    expect(view.state).toEqual(newer);
  });
});

// A small generator, so that a failure can be repeated by its seed.
function chance(seed: number): (below: number) => number {
  let x = seed * 2654435761 + 1;
  return (below) => {
    x = (Math.imul(x ^ (x >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return (x >>> 0) % below;
  };
}

describe('old state + events = fresh read', () => {
  for (let seed = 1; seed <= 200; seed++) {
    it(`seed ${seed}`, () => {
      const next = chance(seed);
      const log = Array.from({ length: 1 + next(30) }, (_, i) =>
        entry(i + 1, next(3) ? {} : { from: 'visitor', client_id: `k${i + 1}` }),
      );
      const head = log.length;
      let view = play(visitor(), watched(0));
      for (const e of log)
        if (e.client_id) view = reduce(view, { t: 'compose', pending: draft(e.client_id) });
      // Lossy, doubled and shuffled events, then reads of what the view says it needs.
      for (let i = 0; i < head * 2; i++) {
        const e = log[next(head)];
        if (!e) continue;
        if (e.client_id && next(2)) {
          const { client_id, id, seq, at } = e;
          view = reduce(view, { t: 'ack', conversation: 'c', client_id, log: 'public', id, seq, at });
        }
        view = reduce(view, { t: 'entry', conversation: 'c', log: 'public', entry: e });
        if (view.needs?.after !== undefined && next(4) === 0) {
          const after = view.needs.after;
          const entries = log.slice(after, after + 1 + next(5));
          view = reduce(view, { t: 'page', log: 'public', after, entries, head });
        }
      }
      const after = lastSeq(view.public);
      for (const e of log.slice(after))
        view = reduce(view, { t: 'entry', conversation: 'c', log: 'public', entry: e });
      view = reduce(view, watched(head, after + 1));
      const fresh = play(visitor(), ...log.map((e) => entryFrame(e.seq, e)), watched(head));
      expect(view).toEqual(fresh);
    });
  }
});
