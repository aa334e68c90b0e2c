import { reduce } from '@macaw/client';
import { act } from 'preact/test-utils';
import { expect, it } from 'vitest';
import { Messages } from '../panel/parts/messages.tsx';
import { QuoteBar } from '../panel/parts/quote.tsx';
import { canRecall, rowsOf, unreadOf } from '../panel/rows.ts';
import { show, viewOf } from './world.tsx';

const labels = (root: HTMLElement) =>
  [...root.querySelectorAll('.acts button')].map((b) => b.getAttribute('aria-label'));

it('offers to take back what is one\u2019s own and fresh, and to quote anything', async () => {
  const now = Date.now();
  const view = viewOf([
    { from: 'visitor', at: now - 300_000 },
    { from: 'visitor', at: now },
    { from: 'agent', at: now },
  ]);
  const { root, recall, quote } = await show(<Messages />, { view });
  expect(labels(root)).toEqual(['Quote', 'Quote', 'Recall', 'Quote']);
  const press = (n: number) =>
    act(() => root.querySelectorAll<HTMLButtonElement>('.acts button')[n]?.click());
  await press(2);
  expect(recall).toHaveBeenCalledExactlyOnceWith(2);
  await press(3);
  expect(quote.mock.calls[0]?.[0]).toMatchObject({ seq: 3 });
  expect(canRecall({ ...view.public.entries[1], kind: 'recalled' } as never, now)).toBe(false);
});

it('shows nothing of what was taken back, neither in its place nor where it was quoted', async () => {
  let view = viewOf([{ text: 'a secret' }, { from: 'visitor', text: 'this?', quotes: 1 }]);
  const event = { kind: 'recalled', seq: 1 } as const;
  const entry = { seq: 3, id: 'e', from: 'system', kind: 'event', text: '', event, at: 1 } as const;
  view = reduce(view, { t: 'entry', conversation: 'c', log: 'public', entry });
  expect(rowsOf(view, 1).map((row) => row.kind)).toEqual(['day', 'event', 'message']);
  expect(unreadOf(view)).toBe(0);
  const { root } = await show(<Messages />, { view });
  expect(root.textContent).not.toContain('a secret');
  expect(root.textContent).toContain('Support recalled a message');
  expect(root.querySelector('.quoted')?.textContent).toContain('This message was recalled');
});

it('says what the next message is about until that is taken away', async () => {
  const view = viewOf([{ text: 'In stock', author: { id: 'o', name: 'Olive' } }]);
  const { root, quote } = await show(<QuoteBar />, { view, quoting: view.public.entries[0] });
  expect(root.textContent).toContain('OliveIn stock');
  root.querySelector('button')?.click();
  expect(quote).toHaveBeenCalledExactlyOnceWith(null);
});
