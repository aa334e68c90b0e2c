import { describe, expect, test } from 'vitest';
import {
  byWaiting,
  isAnswering,
  isIn,
  isNewer,
  matches,
  offeredTo,
  recount,
  Tally,
} from '../src/logic/inbox.ts';
import { ME, OTHER, summary } from './world.ts';

const mine = { kind: 'agent', id: ME, epoch: 2 } as const;

describe('list order', () => {
  test('who_waits_longest_is_first', () => {
    const rows = [
      summary('calm'),
      summary('late', { waiting_since: 900 }),
      summary('early', { waiting_since: 100 }),
    ];
    expect(rows.sort(byWaiting).map((s) => s.id)).toEqual(['early', 'late', 'calm']);
  });

  test('without_waiting_the_latest_word_is_first', () => {
    const rows = [
      summary('old', { last: { from: 'agent', kind: 'text', text: '', at: 1 } }),
      summary('silent', { last: null, created_at: 5 }),
      summary('new', { last: { from: 'agent', kind: 'text', text: '', at: 9 } }),
    ];
    expect(rows.sort(byWaiting).map((s) => s.id)).toEqual(['new', 'silent', 'old']);
  });

  test('equal_rows_keep_one_order', () => {
    expect(byWaiting(summary('a'), summary('b'))).toBe(-1);
    expect(byWaiting(summary('b'), summary('a'))).toBe(1);
  });
});

describe('views', () => {
  test('a_queued_conversation_is_in_queue_and_all', () => {
    const s = summary('q');
    expect(['mine', 'queue', 'bot', 'all', 'closed'].map((v) => isIn(v as 'mine', s, ME))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test('closed_conversations_are_in_closed_only', () => {
    const s = summary('c', { status: 'closed', owner: mine });
    expect(isIn('mine', s, ME) || isIn('all', s, ME)).toBe(false);
    expect(isIn('closed', s, ME)).toBe(true);
  });

  test('words_match_the_name_and_the_last_text', () => {
    expect(matches(summary('7'), ' hello ')).toBe(true);
    expect(matches(summary('7'), '#7')).toBe(true);
    expect(matches(summary('7'), 'parcel')).toBe(false);
  });
});

describe('offers', () => {
  // The first draft counted offers as the server does, but left them out of the list.
  test('what_is_offered_to_me_is_mine_to_decide', () => {
    const s = summary('o', { offered: { agent: ME, until: 1 } });
    expect(isIn('mine', s, ME)).toBe(true);
    expect(isIn('mine', s, OTHER)).toBe(false);
  });

  test('the_agent_of_an_offer_is_an_id', () => {
    expect(offeredTo(undefined)).toBeNull();
    expect(offeredTo({ agent: ME, until: 1 })).toBe(ME);
  });
});

describe('news', () => {
  test('an_older_picture_never_replaces_a_newer_one', () => {
    expect(isNewer(summary('a', { version: 3 }), summary('a', { version: 2 }))).toBe(false);
    expect(isNewer(summary('a', { version: 3, head: 4 }), summary('a', { version: 3, head: 5 }))).toBe(true);
    expect(isNewer(undefined, summary('a'))).toBe(true);
  });

  test('an_accepted_conversation_moves_from_queue_to_mine', () => {
    const counts = { mine: 0, queue: 1, bot: 0, all: 1 };
    const moved = recount(counts, summary('a'), summary('a', { owner: mine, version: 2 }), ME);
    expect(moved).toEqual({ mine: 1, queue: 0, bot: 0, all: 1 });
  });
});

describe('counts that come late', () => {
  test('are_not_shown_when_a_move_was_told_meanwhile', () => {
    const tally = new Tally();
    expect(tally.fits(tally.asks())).toBe(true);
    const asked = tally.asks();
    tally.moved();
    expect([tally.fits(asked), tally.isSettled(asked)]).toEqual([false, false]);
    const again = tally.asks();
    expect([tally.fits(again), tally.isSettled(again)]).toEqual([true, true]);
  });

  test('are_shown_for_a_first_time_and_asked_again', () => {
    const tally = new Tally();
    const asked = tally.asks();
    tally.moved();
    expect([tally.fits(asked), tally.isSettled(asked)]).toEqual([true, false]);
  });
});

test('an_engine_answers_while_its_visitor_waits', () => {
  const engine = { kind: 'engine', id: 'knowledge', epoch: 1 } as const;
  expect(isAnswering(summary('a', { owner: engine, waiting_since: 5 }))).toBe(true);
  expect(isAnswering(summary('a', { owner: engine }))).toBe(false);
  expect(isAnswering(summary('a', { waiting_since: 5 }))).toBe(false);
});
