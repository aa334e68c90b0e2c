import { expect, it } from 'vitest';
import { Home } from '../panel/parts/home.tsx';
import { firstScreen } from '../panel/screens.ts';
import { show, site, viewOf } from './world.tsx';

const MINUTE = 60_000;

it('opens in the middle of a fresh conversation, and at the home later or before the first word', () => {
  const view = viewOf([{ at: 0 }]);
  expect(firstScreen(view, 29 * MINUTE)).toBe('chat');
  expect(firstScreen(view, 31 * MINUTE)).toBe('home');
  expect(firstScreen(viewOf([]), 0)).toBe('home');
  const pending = { client_id: 'k', log: 'public' as const, text: 'x', at: 0, status: 'sending' as const };
  expect(firstScreen({ ...viewOf([]), pending: [pending] }, 0)).toBe('chat');
});

it('offers to go on with the last line and what is unread of it', async () => {
  const view = viewOf([
    { text: 'hello', from: 'visitor' },
    { text: 'Here I am', author: { id: 'o', name: 'Olive' } },
  ]);
  const { root, go } = await show(<Home />, { view, unread: 3 });
  const last = root.querySelector<HTMLButtonElement>('.goon');
  expect(last?.textContent).toContain('Olive: Here I am');
  expect(last?.querySelector('.count')?.textContent).toContain('3');
  last?.click();
  expect(go).toHaveBeenCalledExactlyOnceWith('chat');
});

it('promises only what is known', async () => {
  const text = async (change: object) =>
    (await show(<Home />, { site: { ...site, ...change } })).root.querySelector('.presence')?.textContent;
  const there = { online: true, agents: ['Olive', 'Ann'] };
  expect(await text({ ...there, answers_in_ms: 120_000 })).toContain('Usually answers within 2 minutes');
  expect(await text({ ...there, answers_in_ms: 3_600_000 })).toContain('within 1 hour');
  expect(await text(there)).toContain('Olive, Ann are onlineWe reply shortly');
  expect(await text({ online: false, engine: false })).toContain('Nobody is online right now');
  expect(await text({ online: false, engine: true })).toContain('AI answers at once');
});
