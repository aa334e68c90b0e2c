import type { Entry } from '@macaw/client';
import { beforeEach, expect, test, vi } from 'vitest';
import CloseDialog from '../src/conversation/CloseDialog.vue';
import { lang } from '../src/i18n/index.ts';
import { contextOf, endOf, isBlocked } from '../src/logic/context.ts';
import { asQuery, passes } from '../src/logic/inbox.ts';
import { answering, button, field, fill, mount, settled } from './mount.ts';
import { summary, viewWith } from './world.ts';

beforeEach(() => {
  lang.value = 'en';
  localStorage.clear();
});

test('a_list_is_narrowed_as_the_server_is_asked', () => {
  const tagged = summary('a', { tags: ['t1'] });
  expect(passes(tagged, { site: '', tag: 't1' })).toBe(true);
  expect(passes(tagged, { site: 'site-1', tag: '' })).toBe(true);
  expect(passes(tagged, { site: 'site-2', tag: 't1' })).toBe(false);
  expect(passes(summary('b'), { site: '', tag: 't1' })).toBe(false);
  expect([asQuery({ site: '', tag: '' }), asQuery({ site: 's', tag: 't' })]).toEqual(['', '&site=s&tag=t']);
});

test('the_context_tells_the_newest_first', () => {
  const view = viewWith([1, 2]);
  const event = (kind: string, at: number, seq: number): Entry =>
    ({ seq, id: `e${seq}`, from: 'system', kind: 'event', text: '', event: { kind }, at }) as Entry;
  const told = {
    ...view,
    public: {
      ...view.public,
      entries: [...view.public.entries, event('closed', 3, 3), event('reopened', 4, 4)],
    },
    internal: {
      ...view.internal,
      entries: [event('summed_up', 3, 1), event('blocked', 4, 2), event('summed_up', 5, 3)],
    },
  };
  const context = contextOf(told, 1);
  expect(context.happenings.map((h) => h.kind)).toEqual(['reopened', 'closed', 'opened']);
  expect(context.closings.map((c) => c.at)).toEqual([5, 3]);
  expect(contextOf(null, 1).happenings).toEqual([{ kind: 'opened', at: 1 }]);
});

test('a_block_ends_by_itself', () => {
  const blocked = (until?: number) =>
    summary('a', { blocked: { reason: '', at: 1, ...(until && { until }) } });
  expect([isBlocked(blocked(), 99), isBlocked(blocked(50), 49), isBlocked(blocked(50), 50)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isBlocked(summary('a'), 1)).toBe(false);
  expect([endOf('hour', 5), endOf('ever', 5)]).toEqual([3_600_005, undefined]);
});

test('closing_takes_a_reason_and_words_or_nothing', async () => {
  answering({
    'GET /api/v1/desk': () => ({ body: { close_reasons: ['Done', 'Spam'], amber_ms: 1, red_ms: 2 } }),
  });
  const close = vi.fn();
  mount(CloseDialog, { open: true, onClose: close });
  await settled();
  const radios = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')];
  expect(radios.map((r) => r.value)).toEqual(['Done', 'Spam']);
  radios[0]?.click();
  await fill(field('Summary'), ' wanted a lamp ');
  button('Close conversation').click();
  await settled();
  expect(close).toHaveBeenCalledWith({ reason: 'Done', summary: 'wanted a lamp' });
});
