import { expect, test } from 'vitest';
import { lang } from '../src/i18n/index.ts';
import { lastWords } from '../src/logic/last.ts';
import { whyNot } from '../src/state/attachments.ts';
import { summary } from './world.ts';

const last = (kind: 'text' | 'image' | 'file', text: string) =>
  lastWords(summary('a', { last: { from: 'visitor', kind, text, at: 1 } }));

test('a_file_is_named_with_its_kind', () => {
  lang.value = 'zh-CN';
  expect(last('image', '截图.png')).toBe('[图片] 截图.png');
  expect(last('file', '发票.pdf')).toBe('[文件] 发票.pdf');
  expect([last('text', 'hi'), lastWords(summary('a', { last: null }))]).toEqual(['hi', '']);
});

test('every_refusal_has_its_own_words', () => {
  lang.value = 'en';
  const codes = ['too_large', 'empty', 'type_not_allowed', 'invalid', 'quota_exceeded', 'storage_full'];
  const words = [...codes, 'rate_limited', 'not_owner', 'network', 'anything else'].map((c) =>
    whyNot(c, 1024),
  );
  expect(new Set(words).size).toBe(words.length);
  expect(whyNot('too_large', 20 * 1024 * 1024)).toBe('Too large. The limit is 20 MB.');
});
