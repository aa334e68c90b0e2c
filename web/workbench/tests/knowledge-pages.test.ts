import type { KnowledgeAnswer, KnowledgeEntry } from '@macaw/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { lang } from '../src/i18n/index.ts';
import EntryEditor from '../src/knowledge/EntryEditor.vue';
import ImportDialog from '../src/knowledge/ImportDialog.vue';
import TryIt from '../src/knowledge/TryIt.vue';
import { blank } from '../src/logic/knowledge.ts';
import { answering, button, field, fill, mount, settled } from './mount.ts';

const entry: KnowledgeEntry = {
  id: 'e1',
  question: 'How do I return it?',
  alternatives: ['return'],
  answer: 'Within 7 days.',
  enabled: true,
  updated_at: 1,
};
const found: KnowledgeAnswer = {
  answer: null,
  entry: null,
  wants_human: false,
  gate: 0.5,
  hits: [{ entry: 'e1', question: entry.question, answer: entry.answer, score: 0.2, why: 'a word' }],
};

beforeEach(() => {
  lang.value = 'en';
});

test('an entry is not saved before it has a question and an answer', async () => {
  const calls = answering({ 'POST /api/v1/knowledge': (body) => ({ status: 201, body }) });
  const [saved, close] = [vi.fn(), vi.fn()];
  mount(EntryEditor, { id: null, given: blank(), mayEdit: true, onSaved: saved, onClose: close });
  await settled();
  expect(document.body.textContent).not.toContain('must not be empty');
  button('Save').click();
  await settled();
  expect(document.body.textContent).toContain('must not be empty');
  expect(calls).toEqual([]);
  await fill(field('Question'), ' When do you ship? ');
  await fill(field('Answer'), 'Within a day.');
  expect(document.body.textContent).not.toContain('must not be empty');
  button('Save').click();
  await settled();
  expect(calls[0]?.body).toEqual({
    question: 'When do you ship?',
    alternatives: [],
    answer: 'Within a day.',
    enabled: true,
  });
  expect(saved).toHaveBeenCalledOnce();
});

// The server refuses fields that it does not know; the first draft sent the whole entry back.
test('only the four fields of an entry are sent', async () => {
  const calls = answering({ 'PUT /api/v1/knowledge/e1': (body) => ({ body }) });
  mount(EntryEditor, { id: 'e1', given: entry, mayEdit: true });
  await settled();
  await fill(field('Answer'), 'Within 14 days.');
  button('Save').click();
  await settled();
  const { question, alternatives, enabled } = entry;
  expect(calls.map((c) => c.body)).toEqual([{ question, alternatives, enabled, answer: 'Within 14 days.' }]);
});

test('unsaved words are not lost by closing', async () => {
  const close = vi.fn();
  mount(EntryEditor, { id: 'e1', given: entry, mayEdit: true, onClose: close });
  await settled();
  await fill(field('Answer'), 'Within 14 days.');
  button('Close').click();
  await settled();
  expect(close).not.toHaveBeenCalled();
  expect(document.body.textContent).toContain('changes that are not saved');
  button('Discard changes').click();
  expect(close).toHaveBeenCalledOnce();
});

test('without a change closing asks nothing', async () => {
  const close = vi.fn();
  mount(EntryEditor, { id: 'e1', given: entry, mayEdit: true, onClose: close });
  await settled();
  button('Close').click();
  await settled();
  expect(close).toHaveBeenCalledOnce();
});

test('a question without an answer can become a way to ask of a near entry', async () => {
  const calls = answering({
    'POST /api/v1/knowledge/ask': () => ({ body: found }),
    'GET /api/v1/knowledge': () => ({ body: { entries: [entry], total: 1 } }),
    'PUT /api/v1/knowledge/e1': (body) => ({ body }),
  });
  const changed = vi.fn();
  mount(TryIt, { mayEdit: true, isEmpty: false, onChanged: changed });
  await fill(document.querySelector('#try'), 'send it back');
  document.querySelector('form')?.requestSubmit();
  await settled();
  expect(document.body.textContent).toContain('No answer is sure enough');
  button('Add as a way to ask this').click();
  await settled();
  const put = calls.find((c) => c.method === 'PUT');
  expect(put?.body).toMatchObject({ question: entry.question, alternatives: ['return', 'send it back'] });
  expect(changed).toHaveBeenCalledOnce();
  // The same question was asked again.
  expect(calls.filter((c) => c.path.endsWith('/ask'))).toHaveLength(2);
});

test('a question without an answer can be answered at once', async () => {
  answering({ 'POST /api/v1/knowledge/ask': () => ({ body: { ...found, hits: [] } }) });
  const write = vi.fn();
  mount(TryIt, { mayEdit: true, isEmpty: false, onWrite: write });
  await fill(document.querySelector('#try'), 'gift cards?');
  document.querySelector('form')?.requestSubmit();
  await settled();
  button('Write an answer for it').click();
  expect(write).toHaveBeenCalledExactlyOnceWith('gift cards?');
});

test('an import says first what it will do, and sends the table only then', async () => {
  const calls = answering({
    'GET /api/v1/knowledge/export': () => ({ body: 'question,alternatives,answer\nold,,same\n' }),
    'POST /api/v1/knowledge/import': () => ({ body: { added: 1, updated: 0, unchanged: 1, refused: [] } }),
  });
  mount(ImportDialog, { open: true });
  await settled();
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  const table = 'question,answer\nold,same\nnew,x\n,nothing asked\n';
  Object.defineProperty(input, 'files', { value: [new File([table], 'a.csv')], configurable: true });
  input?.dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect(document.body.textContent).toContain('Line 4'));
  expect(calls.map((c) => c.method)).toEqual(['GET']);
  button('Import 1').click();
  await vi.waitFor(() => expect(document.body.textContent).toContain('Imported'));
  expect(calls[1]).toMatchObject({ method: 'POST', body: table });
});
