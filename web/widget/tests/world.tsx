import { type Entry, newView, reduce, type SiteCard, type State, type View } from '@macaw/client';
import { type ComponentChildren, render } from 'preact';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import type { Chat, ChatState } from '../panel/chat.ts';
import { Context } from '../panel/context.ts';
import { safeStorage } from '../panel/keep.ts';
import { wordsFor } from '../panel/words.ts';

export const site: SiteCard = {
  id: 's',
  name: 'Shop',
  greeting: 'Hello',
  suggestions: [],
  colour: '#1570ef',
  engine: true,
  online: true,
  typing_preview: false,
  file_limit: 1_000,
  title: 'Shop',
  corner: 'right',
  face: 'macaw',
  powered: true,
  agents: [],
};

export function memory() {
  return safeStorage(() => {
    throw new Error('memory');
  });
}

export function viewOf(entries: Partial<Entry>[], state: Partial<State> = {}): View {
  let view = newView('c', 'visitor');
  entries.forEach((e, i) => {
    const entry: Entry = { seq: i + 1, id: `m${i}`, from: 'agent', kind: 'text', text: 'x', at: 1, ...e };
    view = reduce(view, { t: 'entry', conversation: 'c', log: 'public', entry });
  });
  return reduce(view, {
    t: 'watched',
    conversation: 'c',
    head: entries.length,
    first: 1,
    epoch: 'e',
    state: {
      status: 'open',
      owner: { kind: 'engine', epoch: 1 },
      read: { visitor: 0, agent: 0 },
      delivered: { visitor: 0, agent: 0 },
      head: entries.length,
      ...state,
    },
  });
}

/** A part of the panel around a chat that only shows and records. */
export async function show(children: ComponentChildren, change: Partial<ChatState> = {}) {
  const state: ChatState = {
    phase: { at: 'ready' },
    site,
    view: null,
    link: { at: 'open', me: { kind: 'visitor', id: 'v' }, epoch: 'e', heartbeat_ms: 25_000 },
    simple: false,
    handing: 'no',
    attachments: [],
    attachNote: false,
    screen: 'chat',
    unread: 0,
    quiet: false,
    quoting: null,
    ...change,
  };
  const calls = {
    send: vi.fn(),
    typing: vi.fn(),
    go: vi.fn(),
    setQuiet: vi.fn(),
    quote: vi.fn(),
    recall: vi.fn((_seq: number) => Promise.resolve()),
    rate: vi.fn((_score: number, _comment: string) => Promise.resolve()),
    handOver: vi.fn(() => Promise.resolve()),
  };
  const tray = { submit: vi.fn() };
  const chat = { state, ...calls, tray, subscribe: () => () => {}, onShown: () => {} } as unknown as Chat;
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const where = { site: 's', embedded: true, hostOrigin: null, lang: 'en', preview: false };
  await act(() =>
    render(
      <Context.Provider value={{ chat, words: wordsFor('en'), where, storage: memory() }}>
        {children}
      </Context.Provider>,
      root,
    ),
  );
  return { root, ...calls };
}
