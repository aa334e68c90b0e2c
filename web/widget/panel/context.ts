import type { StorageLike } from '@macaw/client';
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Chat, ChatState } from './chat.ts';
import type { Where } from './where.ts';
import type { Words } from './words.ts';

export type Panel = { chat: Chat; words: Words; where: Where; storage: StorageLike };

export const Context = createContext<Panel | null>(null);

export function usePanel(): Panel {
  const panel = useContext(Context);
  if (!panel) throw new Error('no panel around this component');
  return panel;
}

export function useChatState(): ChatState {
  const { chat } = usePanel();
  const [state, setState] = useState(chat.state);
  useEffect(() => {
    setState(chat.state);
    return chat.subscribe(() => setState(chat.state));
  }, [chat]);
  return state;
}
