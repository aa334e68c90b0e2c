import type { CannedReply } from '@macaw/client';
import { beforeEach, expect, test } from 'vitest';
import { nextTick } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import ChatComposer from '../src/conversation/ChatComposer.vue';
import { lang } from '../src/i18n/index.ts';
import { byFolder, faultsOf, fillIn, findCanned, putIn, slashAt } from '../src/logic/canned.ts';
import { answering, fill, mount, settled } from './mount.ts';

function reply(title: string, text = 'x', folder = ''): CannedReply {
  return { id: title, folder, title, text, shared: true, updated_at: 1 };
}
const names = { visitor: '王女士', agent: 'Olive', site: 'Shop' };

beforeEach(() => {
  lang.value = 'en';
  localStorage.clear();
});

test('a_slash_calls_at_the_beginning_of_a_word_and_nowhere_else', () => {
  expect(slashAt('/', 1)).toEqual({ from: 0, words: '' });
  expect(slashAt('Hi /ret', 7)).toEqual({ from: 3, words: 'ret' });
  expect(slashAt('Hi\n/退货', 6)).toEqual({ from: 3, words: '退货' });
  for (const none of ['https://a', 'and/or', '1/2', '/ret ', 'Hi'])
    expect(slashAt(none, none.length)).toBeNull();
  // What is behind the caret is not looked at.
  expect(slashAt('/re turn', 3)).toEqual({ from: 0, words: 're' });
});

test('what_begins_with_the_words_comes_first_and_the_text_last', () => {
  const all = [
    reply('Ask for a return'),
    reply('Hello', 'no return'),
    reply('Lamps', 'x', 'Returns'),
    reply('Return'),
  ];
  expect(findCanned(all, 'RETURN').map((r) => r.title)).toEqual([
    'Return',
    'Ask for a return',
    'Lamps',
    'Hello',
  ]);
  expect(findCanned(all, '')).toHaveLength(4);
  expect(findCanned(all, 'nothing')).toEqual([]);
});

test('names_are_filled_in_and_what_is_unknown_stays', () => {
  expect(fillIn('{{visitor}}, {{ Agent }} / {{站点}} {{order}} {{', names)).toBe(
    '王女士, Olive / Shop {{order}} {{',
  );
  // A name that looks like a variable is not filled again.
  expect(fillIn('{{visitor}}', { ...names, visitor: '{{agent}}' })).toBe('{{agent}}');
});

test('it_stands_where_the_slash_was', () => {
  const slash = slashAt('Dear /he you', 8);
  expect(slash && putIn('Dear /he you', slash, 'Hello')).toEqual({ text: 'Dear Hello you', caret: 10 });
});

test('a_draft_says_what_is_wrong_with_it', () => {
  const draft = { folder: '', title: 't', text: 'x', shared: false };
  expect(faultsOf(draft)).toEqual({});
  expect(faultsOf({ ...draft, title: ' ', text: '' })).toEqual({ title: 'empty', text: 'empty' });
  expect(faultsOf({ ...draft, title: '长'.repeat(61), folder: 'f'.repeat(61) })).toEqual({
    title: 'long',
    folder: 'long',
  });
  expect(
    byFolder([reply('a', 'x', 'F'), reply('b'), reply('c', 'x', 'F')]).map((f) => f.replies.length),
  ).toEqual([2, 1]);
});

test('a_reply_is_put_in_by_keys_alone_and_sent_with_the_next_enter', async () => {
  const all = [reply('Hours', 'We open at nine.'), reply('Hello', 'Hello {{visitor}}, I am {{agent}}.')];
  answering({ 'GET /api/v1/canned': () => ({ body: all }) });
  const sent: unknown[] = [];
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:x*', component: {} }] });
  const props = { conversation: 'c', reply: 'yes', owner: '', action: undefined, names };
  const root = mount(ChatComposer, { ...props, onSend: (...all: unknown[]) => sent.push(all) }, router);
  const box = root.querySelector('textarea');
  const press = (key: string) =>
    box?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await fill(box, '/he');
  await settled();
  expect([...root.querySelectorAll('[role=option] strong')].map((o) => o.textContent)).toEqual(['Hello']);
  expect(box?.getAttribute('aria-activedescendant')).toBe('canned-Hello');
  press('Enter');
  await settled();
  expect(box?.value).toBe('Hello 王女士, I am Olive.');
  expect(root.querySelector('[role=listbox]')).toBeNull();
  expect(sent).toEqual([]);
  press('Enter');
  await nextTick();
  expect(sent).toEqual([['Hello 王女士, I am Olive.', false]]);
});

test('escape_closes_the_list_and_enter_sends_what_was_typed', async () => {
  answering({ 'GET /api/v1/canned': () => ({ body: [reply('Hello')] }) });
  const sent: unknown[] = [];
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:x*', component: {} }] });
  const props = { conversation: 'd', reply: 'yes', owner: '', action: undefined, names };
  const root = mount(ChatComposer, { ...props, onSend: (...all: unknown[]) => sent.push(all) }, router);
  const box = root.querySelector('textarea');
  await fill(box, '/he');
  await settled();
  for (const key of ['Escape', 'Enter'])
    box?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await nextTick();
  expect(sent).toEqual([['/he', false]]);
});
