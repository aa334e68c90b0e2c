import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import { Banner } from '../panel/parts/banner.tsx';
import { Messages } from '../panel/parts/messages.tsx';
import { show, site, viewOf } from './world.tsx';

const unsure = { from: 'engine' as const, text: 'I do not know that.', offers_human: true, turn: 't1' };
const offer = (root: Element) => root.querySelector<HTMLButtonElement>('.offer');

it('offers a person under an answer that does not know', async () => {
  const { root, handOver } = await show(<Messages />, { view: viewOf([{ from: 'visitor' }, unsure]) });
  expect(offer(root)?.textContent).toBe('Talk to a person');
  offer(root)?.click();
  expect(handOver).toHaveBeenCalledOnce();
});

it('offers a person only under the last answer, and not when one is asked for already', async () => {
  const later = viewOf([unsure, { from: 'visitor' }, { from: 'engine', turn: 't2', text: 'This I know.' }]);
  expect(offer((await show(<Messages />, { view: later })).root)).toBeNull();
  const queued = viewOf([unsure], { owner: { kind: 'queue', epoch: 2 }, position: 3 });
  expect(offer((await show(<Messages />, { view: queued })).root)).toBeNull();
});

it('marks an answer as of the AI, with its sources by title', async () => {
  const answer = { from: 'engine' as const, turn: 't', sources: [{ title: 'How to return', entry: 'e1' }] };
  const { root } = await show(<Messages />, { view: viewOf([answer]) });
  expect(root.querySelector('.ai')?.textContent).toBe('AI answer');
  expect(root.querySelector('.sources')?.textContent).toBe('How to return');
  expect(root.querySelector('.sources a')).toBeNull();
});

it('says where in the line the visitor is, and the truth when nobody is there', async () => {
  const waiting = (position: number) => viewOf([{}], { owner: { kind: 'queue', epoch: 2 }, position });
  const words = async (position: number, online: boolean) => {
    const { root } = await show(<Messages />, { view: waiting(position), site: { ...site, online } });
    return root.querySelector('.queue strong')?.textContent;
  };
  expect(await words(3, true)).toBe('You are number 3 in line');
  expect(await words(1, true)).toBe('You are next: connecting you to a person');
  expect(await words(3, false)).toBe('Nobody is online right now');
});

it('a network without sockets is told calmly', async () => {
  const link = { at: 'waiting' as const, tries: 3, until: 0, code: 1006 };
  vi.useFakeTimers();
  const { root } = await show(<Banner />, { link, simple: true });
  await act(() => vi.advanceTimersByTimeAsync(2000).then(() => {}));
  vi.useRealTimers();
  expect(root.querySelector('.banner')?.className).toContain('calm');
  expect(root.querySelector('.spinner')).toBeNull();
  expect(root.textContent).toContain('Messages still go through');
});
