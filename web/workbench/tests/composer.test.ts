import { beforeEach, expect, test } from 'vitest';
import { merged } from '../src/logic/begun.ts';
import { groups, recent, remember } from '../src/logic/emoji.ts';
import { isSending, sendKey } from '../src/state/send-key.ts';

beforeEach(() => localStorage.clear());

test('what_was_typed_here_since_wins_over_another_device', () => {
  const server = { reply: 'from the phone', note: 'n' };
  const kept = { reply: 'old', note: '' };
  expect(merged({ reply: 'old', note: '' }, kept, server)).toEqual(server);
  expect(merged({ reply: 'typed here', note: '' }, kept, server)).toEqual({ reply: 'typed here', note: 'n' });
  expect(merged({ reply: '', note: '' }, kept, server).reply).toBe('');
});

test('the_key_that_sends_is_a_choice', () => {
  const press = (keys: Partial<KeyboardEvent>) =>
    isSending({ shiftKey: false, ctrlKey: false, metaKey: false, ...keys });
  sendKey.value = 'enter';
  expect([press({}), press({ shiftKey: true }), press({ ctrlKey: true })]).toEqual([true, false, true]);
  sendKey.value = 'ctrl';
  expect([press({}), press({ ctrlKey: true }), press({ metaKey: true })]).toEqual([false, true, true]);
  sendKey.value = 'enter';
});

test('emoji_are_each_there_once_and_the_latest_first', () => {
  const all = groups.flatMap((g) => g.emoji);
  expect(new Set(all).size).toBe(all.length);
  for (const e of [all[3], all[5], all[3]]) remember(e ?? '');
  expect(recent()).toEqual([all[3], all[5]]);
});
