import type { Engine } from '@macaw/client';
import { expect, test } from 'vitest';
import {
  fieldsOf,
  freeName,
  isName,
  kinds,
  missing,
  settingsOf,
  toEnterAgain,
  valuesOf,
} from '../src/logic/engines.ts';
import { offsetOf } from '../src/logic/routing.ts';

const engine = (name: string): Engine => ({
  id: name,
  name,
  kind: 'openai',
  origin: 'tenant',
  enabled: true,
  state: 'ready',
  settings: {},
  secrets: [],
  outside: true,
});

test('settings come back from the form as they were', () => {
  const settings = {
    url: 'https://x.example',
    model: 'm',
    grounding: true,
    mask: false,
    history: 5,
    extra: { temperature: 0.3 },
  };
  expect(settingsOf('openai', valuesOf('openai', settings))).toEqual({ settings, secrets: {}, faults: {} });
  for (const kind of kinds)
    expect(settingsOf(kind, valuesOf(kind, {})), kind).toEqual({ settings: {}, secrets: {}, faults: {} });
  const abroad = { region: 'com', bot_id: '739' };
  expect(settingsOf('coze', valuesOf('coze', abroad)).settings).toEqual(abroad);
});

test('what is wrong in a field is told there, and secrets are apart from settings', () => {
  const values = { ...valuesOf('openai', {}), key: ' k ', history: 'x', extra: '{', total: '-1' };
  const { settings, secrets, faults } = settingsOf('openai', values);
  expect(settings).toEqual({});
  expect(secrets).toEqual({ key: 'k' });
  expect(faults).toEqual({ history: 'number', extra: 'json', total: 'number' });
});

test('what is needed is missed until it is there or the server has it', () => {
  expect(missing('dify', valuesOf('dify', {}), [])).toEqual({ key: 'empty' });
  expect(missing('dify', valuesOf('dify', {}), ['key'])).toEqual({});
  expect(Object.keys(missing('openai', valuesOf('openai', {}), []))).toEqual(['url', 'model']);
});

test('a key is entered again where it would go to somebody else', () => {
  const [here, there] = [{ url: 'https://a.example/v1' }, { url: 'https://b.example/v1' }];
  expect(toEnterAgain(here, { url: 'https://a.example/v1/' }, {}, ['key'])).toEqual({});
  expect(toEnterAgain(here, there, {}, ['key'])).toEqual({ key: 'again' });
  expect(toEnterAgain(here, there, { key: 'new' }, ['key'])).toEqual({});
  expect(toEnterAgain({}, { region: 'com' }, {}, ['key', 'oauth_key'])).toEqual({
    key: 'again',
    oauth_key: 'again',
  });
});

test('a new engine is offered a name that nobody has', () => {
  expect(freeName('openai', [])).toBe('openai');
  expect(freeName('http_nlp', [engine('nlp'), engine('nlp-2')])).toBe('nlp-3');
  expect(['shop-2', '', 'Shop', '店', 'x'.repeat(41)].map(isName)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('every kind has fields of its own names once', () => {
  for (const kind of kinds) {
    const keys = fieldsOf(kind).map((field) => field.key);
    expect(new Set(keys).size, kind).toBe(keys.length);
  }
});

test('a place in a text is where the editor has it', () => {
  const text = '🦜a\n  退(货';
  expect([offsetOf(text, 1, 2), offsetOf(text, 2, 4), offsetOf(text, 9, 9)]).toEqual([2, 7, text.length]);
});
