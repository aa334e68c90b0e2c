import { type FromLoader, type FromPanel, isEnvelope } from '../loader/envelope.ts';
import type { Where } from './where.ts';

export type Host = {
  say(said: FromPanel): void;
  onShown(listener: (shown: boolean) => void): void;
  onIdentify(listener: (identity: string | null) => void): void;
};

/** The page around the iframe. Only the parent window is listened to, and only from the origin it was named by. */
export function connectHost(where: Where, view: Window): Host {
  const { hostOrigin, site } = where;
  if (!where.embedded || !hostOrigin || view.parent === view)
    return { say: () => {}, onShown: () => {}, onIdentify: () => {} };
  const listeners: ((shown: boolean) => void)[] = [];
  const identifiers: ((identity: string | null) => void)[] = [];
  view.addEventListener('message', (event) => {
    if (event.source !== view.parent || event.origin !== hostOrigin) return;
    if (!isEnvelope<FromLoader>(event.data, site)) return;
    const said = event.data;
    if (said.type === 'identify') {
      if (said.identity !== null && typeof said.identity !== 'string') return;
      for (const listener of identifiers) listener(said.identity);
    }
    if (said.type !== 'shown' && said.type !== 'hidden') return;
    for (const listener of listeners) listener(said.type === 'shown');
  });
  return {
    say(said) {
      try {
        view.parent.postMessage({ ...said, macaw: 1, site }, hostOrigin);
      } catch {
        // A host origin that is not one: the panel still works alone.
      }
    },
    onShown: (listener) => void listeners.push(listener),
    onIdentify: (listener) => void identifiers.push(listener),
  };
}
