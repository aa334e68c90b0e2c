import { type Entry, newView, reduce, type View } from '@macaw/client';
import { expect, it } from 'vitest';
import { type Message, rowsOf, unreadOf } from '../panel/rows.ts';

const DAY = 86_400_000;
const noon = new Date(2026, 3, 2, 12).getTime();

function viewOf(entries: Partial<Entry>[], read = { visitor: 0, agent: 0 }): View {
  let view = newView('c', 'visitor');
  entries.forEach((e, i) => {
    const entry: Entry = { seq: i + 1, id: `m${i}`, from: 'agent', kind: 'text', text: 'x', at: noon, ...e };
    view = reduce(view, { t: 'entry', conversation: 'c', log: 'public', entry });
  });
  const state = {
    status: 'open' as const,
    owner: { kind: 'engine' as const, epoch: 1 },
    read,
    delivered: { visitor: read.visitor, agent: Math.max(read.agent, 2) },
    head: entries.length,
  };
  return reduce(view, { t: 'state', conversation: 'c', state });
}

const messages = (view: View) => rowsOf(view, noon).filter((r): r is Message => r.kind === 'message');

it('parts the days', () => {
  const rows = rowsOf(viewOf([{ at: noon - DAY }, {}, {}]), noon);
  expect(rows.map((r) => r.kind)).toEqual(['day', 'message', 'day', 'message', 'message']);
});

it('groups what one author says within five minutes', () => {
  const view = viewOf([
    {},
    { at: noon + 1000 },
    { at: noon + 400_000 },
    { from: 'visitor', at: noon + 400_001 },
  ]);
  expect(messages(view).map((m) => [m.first, m.last])).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

it('keeps one key from the pending message to its entry, and from the stream to the answer', () => {
  const pending = { client_id: 'k', log: 'public' as const, text: 'x', at: noon, status: 'sending' as const };
  const sending = reduce(viewOf([]), { t: 'compose', pending });
  expect(messages(sending)[0]?.key).toBe('k');
  expect(messages(viewOf([{ from: 'visitor', client_id: 'k' }]))[0]?.key).toBe('k');
  const delta = { t: 'delta' as const, conversation: 'c', turn: 't', attempt: 1, position: 0, text: 'a' };
  expect(messages(reduce(viewOf([]), delta))[0]).toMatchObject({ key: 't', streaming: true });
  expect(messages(viewOf([{ from: 'engine', turn: 't' }]))[0]?.key).toBe('t');
});

it('says what was sent, what arrived and what was read', () => {
  const view = viewOf([{ from: 'visitor' }, { from: 'visitor' }, { from: 'visitor' }], {
    visitor: 0,
    agent: 1,
  });
  expect(messages(view).map((m) => m.delivery)).toEqual(['read', 'delivered', 'sent']);
});

it('counts unread messages of others, not events', () => {
  const view = viewOf([{}, { kind: 'event' }, { from: 'visitor' }, { from: 'engine' }], {
    visitor: 1,
    agent: 0,
  });
  expect(unreadOf(view)).toBe(1);
});
