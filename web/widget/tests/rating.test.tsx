import { act } from 'preact/test-utils';
import { expect, it } from 'vitest';
import { EventLine } from '../panel/parts/lines.tsx';
import { Rating } from '../panel/parts/rating.tsx';
import { canRate } from '../panel/rows.ts';
import { show, viewOf } from './world.tsx';

const event = (kind: 'closed' | 'rated' | 'reopened') =>
  ({ kind: 'event', from: 'system', event: { kind } }) as const;

it('is asked for once after each closing', () => {
  const closed = { status: 'closed' } as const;
  expect(canRate(viewOf([{}, event('closed')], closed))).toBe(true);
  expect(canRate(viewOf([{}, event('closed'), event('rated')], closed))).toBe(false);
  const again = [{}, event('closed'), event('rated'), event('reopened'), event('closed')];
  expect(canRate(viewOf(again, closed))).toBe(true);
  expect(canRate(viewOf([{}, event('closed'), event('reopened')]))).toBe(false);
  expect(canRate(viewOf([{}], closed))).toBe(false);
});

it('sends a score with a comment, and may be tried again when it is not taken', async () => {
  const { root, rate } = await show(<Rating />);
  expect(root.querySelector('textarea')).toBeNull();
  const fourth = root.querySelectorAll<HTMLInputElement>('input[type=radio]')[3];
  await act(() => fourth?.click());
  expect(root.querySelectorAll('label.on')).toHaveLength(4);
  const area = root.querySelector('textarea');
  await act(() => {
    if (area) area.value = 'Quick!';
    area?.dispatchEvent(new Event('input', { bubbles: true }));
  });
  rate.mockRejectedValueOnce(new Error('no network'));
  const submit = () =>
    act(
      async () => void root.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true })),
    );
  await submit();
  expect(root.querySelector('[role=alert]')).not.toBeNull();
  await submit();
  expect(rate.mock.calls).toEqual([
    [4, 'Quick!'],
    [4, 'Quick!'],
  ]);
});

it('is shown as stars and words', async () => {
  const rated = { kind: 'rated', score: 4, comment: 'Quick!' } as const;
  const entry = { seq: 1, id: 'm', from: 'system', kind: 'event', text: '', at: 1, event: rated } as const;
  const { root } = await show(<EventLine entry={entry} />);
  expect(root.textContent).toBe('Your rating ★★★★☆Quick!');
});
