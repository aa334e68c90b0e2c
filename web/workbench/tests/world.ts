import { newView, reduce, type Summary, type View } from '@macaw/client';

export const ME = 'agent-1';
export const OTHER = 'agent-2';

export function summary(id: string, change: Partial<Summary> = {}): Summary {
  return {
    id,
    site: 'site-1',
    visitor: { id: `visitor-${id}`, name: `#${id}` },
    status: 'open',
    owner: { kind: 'queue', epoch: 1 },
    head: 1,
    notes_head: 0,
    last: { from: 'visitor', kind: 'text', text: 'Hello', at: 1000 },
    unread: 0,
    waiting_since: null,
    created_at: 1000,
    version: 1,
    ...change,
  };
}

/** What a visitor wrote at these times. */
export function viewWith(times: number[]): View {
  return times.reduce(
    (view, at, i) =>
      reduce(view, {
        t: 'entry',
        conversation: 'c',
        log: 'public',
        entry: { seq: i + 1, id: `m${i}`, from: 'visitor', kind: 'text', text: 'x', at },
      }),
    newView('c', 'agent'),
  );
}
