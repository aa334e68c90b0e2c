import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import type { Chat } from '../panel/chat.ts';
import { Context } from '../panel/context.ts';
import { safeStorage } from '../panel/keep.ts';
import { Composer } from '../panel/parts/composer.tsx';
import { wordsFor } from '../panel/words.ts';

async function open() {
  const send = vi.fn();
  const state = {
    phase: { at: 'ready' },
    site: null,
    view: null,
    link: { at: 'idle' },
    handing: 'no',
    attachments: [],
    attachNote: false,
    screen: 'chat',
    unread: 0,
    quiet: false,
    quoting: null,
  };
  const chat = {
    state,
    send,
    typing: vi.fn(),
    tray: { submit: vi.fn() },
    subscribe: () => () => {},
    onShown: () => {},
    onIdentify: () => {},
  } as unknown as Chat;
  const storage = safeStorage(() => {
    throw new Error('memory');
  });
  const where = { site: 's', embedded: true, hostOrigin: null, lang: 'en', preview: false };
  const root = document.createElement('div');
  document.body.append(root);
  await act(() =>
    render(
      <Context.Provider value={{ chat, words: wordsFor('en'), where, storage }}>
        <Composer />
      </Context.Provider>,
      root,
    ),
  );
  const area = root.querySelector('textarea');
  if (!area) throw new Error('no textarea');
  const type = (text: string) =>
    act(() => {
      area.value = text;
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
  const press = (init: KeyboardEventInit) =>
    act(
      () =>
        void area.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }),
        ),
    );
  return { send, storage, type, press, area };
}

it('sends with Enter, keeps a draft until then', async () => {
  const { send, storage, type, press, area } = await open();
  await type('hello');
  expect(storage.getItem('macaw:s:draft')).toBe('hello');
  await press({});
  expect(send).toHaveBeenCalledExactlyOnceWith('hello');
  expect(area.value).toBe('');
  expect(storage.getItem('macaw:s:draft')).toBeNull();
});

it('does not send while an input method composes, nor with Shift, nor nothing', async () => {
  const { send, type, press } = await open();
  await press({});
  await type('nihao');
  await press({ isComposing: true });
  await press({ keyCode: 229 });
  await press({ shiftKey: true });
  expect(send).not.toHaveBeenCalled();
});
