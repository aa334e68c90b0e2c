import type { ConversationPage } from '@macaw/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { counts, learn, load } from '../src/state/inbox.ts';
import { welcomedAs } from '../src/state/session.ts';
import { ME, summary } from './world.ts';

const page = (queue: number, mine: number): ConversationPage => ({
  conversations: [summary('a')],
  counts: { mine, queue, bot: 0, all: queue + mine },
});
let answers: ((page: ConversationPage) => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  welcomedAs.value = ME;
  vi.stubGlobal(
    'fetch',
    () =>
      new Promise<Response>((resolve) => {
        answers.push((body) => resolve(Response.json(body)));
      }),
  );
});

// The list was read before a colleague's move was told, and came after it: the tabs were one off for good.
test('a list that comes late does not undo a move that was told meanwhile', async () => {
  const first = load('queue');
  answers[0]?.(page(1, 0));
  await first;
  expect(counts.value).toMatchObject({ queue: 1, mine: 0 });

  const late = load('queue');
  learn(summary('a', { owner: { kind: 'agent', id: ME, epoch: 2 }, version: 2 }), true);
  expect(counts.value).toMatchObject({ queue: 0, mine: 1 });
  answers[1]?.(page(1, 0));
  await late;
  expect(counts.value).toMatchObject({ queue: 0, mine: 1 });

  // And the truth is asked for again.
  await vi.advanceTimersByTimeAsync(1000);
  expect(answers).toHaveLength(3);
  answers[2]?.(page(0, 2));
  await vi.waitFor(() => expect(counts.value).toMatchObject({ queue: 0, mine: 2 }));
});
