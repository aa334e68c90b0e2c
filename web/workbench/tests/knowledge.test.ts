import type { KnowledgeAnswer } from '@macaw/client';
import { describe, expect, test } from 'vitest';
import { decodeTable, parseCsv, writeCsv } from '../src/logic/csv.ts';
import {
  blank,
  coverOf,
  faultsOf,
  isSame,
  MOST,
  onBar,
  type Plan,
  planImport,
  tidy,
  verdictOf,
} from '../src/logic/knowledge.ts';

const draft = {
  question: 'How do I return it?',
  alternatives: ['return'],
  answer: 'Within 7 days.',
  enabled: true,
};
const answer: KnowledgeAnswer = { answer: null, entry: null, wants_human: false, gate: 0.6, hits: [] };

describe('tables', () => {
  test('quotes_commas_and_line_breaks_inside_a_cell_are_text', () => {
    expect(parseCsv('a,"b ""c"", d"\r\n"two\nlines",x\n')).toEqual([
      { line: 1, cells: ['a', 'b "c", d'] },
      { line: 2, cells: ['two\nlines', 'x'] },
    ]);
  });

  test('a_row_is_named_by_the_line_it_begins_on', () => {
    expect(parseCsv('\ufeffa\n\n"b\nb"\nc').map((r) => [r.line, r.cells[0]])).toEqual([
      [1, 'a'],
      [3, 'b\nb'],
      [5, 'c'],
    ]);
  });

  test('what_is_written_is_read_again', () => {
    const rows = [
      ['question', 'answer'],
      ['a "quoted", one', 'two\nlines'],
      ['怎么退货？', '七天内'],
    ];
    expect(parseCsv(writeCsv(rows)).map((r) => r.cells)).toEqual(rows);
  });

  test('a_table_in_gb18030_is_read_too', () => {
    const gbk = new Uint8Array([0xcd, 0xcb, 0xbb, 0xf5]);
    expect(decodeTable(gbk)).toEqual({ text: '退货', encoding: 'gb18030' });
    expect(decodeTable(new TextEncoder().encode('退货'))).toEqual({ text: '退货', encoding: 'utf-8' });
  });
});

describe('entries', () => {
  test('a_blank_entry_lacks_a_question_and_an_answer', () => {
    expect(faultsOf(blank())).toEqual({ question: 'empty', answer: 'empty' });
    expect(faultsOf(draft)).toEqual({});
  });

  test('bounds_count_characters_and_not_units', () => {
    const most = '🦜'.repeat(MOST.question);
    expect(faultsOf({ ...draft, question: most })).toEqual({});
    expect(faultsOf({ ...draft, question: `${most}a` })).toEqual({ question: 'long' });
    expect(faultsOf({ ...draft, alternatives: [`${most}a`] })).toEqual({ alternatives: 'long' });
    const many = Array.from({ length: MOST.alternatives + 1 }, (_, i) => `way ${i}`);
    expect(faultsOf({ ...draft, alternatives: many })).toEqual({ alternatives: 'many' });
  });

  test('repeats_and_blanks_among_the_alternatives_are_dropped', () => {
    const messy = { ...draft, alternatives: [' return ', 'return', '', draft.question] };
    expect(tidy(messy).alternatives).toEqual(['return']);
    expect(isSame(messy, draft)).toBe(true);
    expect(isSame({ ...draft, enabled: false }, draft)).toBe(false);
  });
});

describe('the preview of an import', () => {
  const standing = 'question,alternatives,answer\nkept,,same\nchanged,,old\n';

  test('says_what_is_new_what_changes_and_what_is_refused', () => {
    const table = '问题,其他问法,答案\nnew,a|b,x\nkept,,same\nchanged,,better\n,,no question\nno answer,,\n';
    expect(planImport(table, standing)).toEqual({
      added: [{ question: 'new', alternatives: ['a', 'b'], answer: 'x', enabled: true }],
      updated: [{ question: 'changed', alternatives: [], answer: 'better', enabled: true }],
      unchanged: 1,
      refused: [
        { line: 5, field: 'question', fault: 'empty' },
        { line: 6, field: 'answer', fault: 'empty' },
      ],
    });
  });

  test('a_later_line_with_the_same_question_wins', () => {
    const plan = planImport('question,answer\nq,first\nq,second\n', '');
    expect(plan).toMatchObject({ added: [{ question: 'q', answer: 'second' }] });
  });

  test('a_table_without_a_needed_column_is_named', () => {
    expect(planImport('question,text\nq,a', standing)).toEqual({ missing: 'answer' });
    expect(planImport('', standing)).toEqual({ missing: 'question' });
  });
});

describe('a tried question', () => {
  test('is_answered_handed_over_or_unknown', () => {
    expect(verdictOf({ ...answer, answer: 'x', entry: 'e' })).toBe('answers');
    expect(verdictOf({ ...answer, wants_human: true })).toBe('human');
    expect(verdictOf(answer)).toBe('unknown');
  });

  test('gate_and_scores_share_one_scale', () => {
    const hit = (score: number) => ({ entry: 'e', question: '', answer: '', score, why: '' });
    const small = { ...answer, hits: [hit(0.3)] };
    expect([onBar(small).gate, onBar(small).of(hit(0.3))]).toEqual([0.6, 0.3]);
    const large = { ...answer, gate: 6, hits: [hit(12), hit(3)] };
    expect([onBar(large).gate, onBar(large).of(hit(12)), onBar(large).of(hit(3))]).toEqual([0.5, 1, 0.25]);
  });

  test('a reason in known words is told in the language of the page', () => {
    const known = 'covers 94 % of the question, 54 % of the entry, 29 % alike';
    expect(coverOf(known)).toEqual({ question: 94, entry: 54, alike: 29 });
    expect(coverOf('a word')).toBeNull();
  });
});

test('a preview leaves what is switched off as it is, unless the line says so', () => {
  const standing = 'question,answer,enabled\noff,a,false\non,a,true\n';
  const plan = (table: string) => planImport(table, standing) as Plan;
  expect(plan('question,answer\noff,a\non,a\n').unchanged).toBe(2);
  expect(plan('question,answer\noff,b\n').updated).toMatchObject([{ answer: 'b', enabled: false }]);
  expect(plan('question,answer,enabled\noff,a,yes\nnew,a,no\n')).toMatchObject({
    updated: [{ question: 'off', enabled: true }],
    added: [{ question: 'new', enabled: false }],
  });
});
