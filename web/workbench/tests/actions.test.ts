import { expect, test } from 'vitest';
import { actionsFor, mayReply } from '../src/logic/actions.ts';
import { ownPath } from '../src/logic/path.ts';
import { clock, urgency } from '../src/logic/waiting.ts';
import { ME, OTHER, summary } from './world.ts';

const held = (id: string) => summary('a', { owner: { kind: 'agent', id, epoch: 2 } });
const byEngine = summary('a', { owner: { kind: 'engine', epoch: 0 } });
const closed = summary('a', { status: 'closed' });

test('each_owner_offers_its_own_actions', () => {
  expect(actionsFor(closed, ME, 'agent')).toEqual(['reopen']);
  expect(actionsFor(summary('a'), ME, 'agent')[0]).toBe('accept');
  expect(actionsFor(byEngine, ME, 'agent')[0]).toBe('take-over');
  expect(actionsFor(held(ME), ME, 'agent')).toEqual(['close', 'transfer', 'give-back']);
});

test('only_a_lead_may_close_what_another_holds', () => {
  expect(actionsFor(held(OTHER), ME, 'agent')).toEqual(['take-over']);
  expect(actionsFor(held(OTHER), ME, 'manager')).toContain('close');
});

test('only_the_owner_may_reply', () => {
  expect(mayReply(held(ME), ME)).toBe('yes');
  expect(mayReply(held(OTHER), ME)).toBe('other');
  expect(mayReply(summary('a'), ME)).toBe('queue');
  expect(mayReply(byEngine, ME)).toBe('engine');
  expect(mayReply(closed, ME)).toBe('closed');
});

test('the_waiting_clock_shows_minutes_and_then_hours', () => {
  expect([-5, 7_000, 760_000, 11_100_000].map(clock)).toEqual(['0:00', '0:07', '12:40', '3:05:00']);
});

test('waiting_turns_amber_after_one_minute_and_red_after_three', () => {
  expect([60_000, 60_001, 180_000, 180_001].map((ms) => urgency(ms))).toEqual([
    'calm',
    'amber',
    'amber',
    'red',
  ]);
});

test('sign_in_goes_on_only_to_a_path_of_our_own', () => {
  expect(ownPath('/members')).toBe('/members');
  expect(['//evil.example', '/\\evil.example', 'https://evil.example', undefined].map(ownPath)).toEqual([
    '/',
    '/',
    '/',
    '/',
  ]);
});
