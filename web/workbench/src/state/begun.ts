import type { Begun } from '@macaw/client';
import { onScopeDispose, reactive, watch } from 'vue';
import { merged, sameBegun } from '../logic/begun.ts';
import { http } from './session.ts';

// Long enough for a word, short enough to find it on the other device.
const PAUSE_MS = 800;
const KINDS = ['reply', 'note'] as const;

/** What is begun in a conversation: on the server for other devices, and here for when there is no network. */
export function useBegun(conversation: string): Begun {
  const path = `/api/v1/conversations/${conversation}/begun`;
  const at = (what: string) => `macaw:${what}:${conversation}`;
  const read = (what: string) => localStorage.getItem(at(what)) ?? '';
  const write = (what: string, text: string) =>
    text ? localStorage.setItem(at(what), text) : localStorage.removeItem(at(what));
  const begun = reactive<Begun>({ reply: read('draft:reply'), note: read('draft:note') });
  const kept: Begun = { reply: read('kept:reply'), note: read('kept:note') };
  let timer = 0;

  function learn(server: Begun) {
    for (const kind of KINDS) {
      kept[kind] = server[kind];
      write(`kept:${kind}`, server[kind]);
    }
  }
  async function save() {
    window.clearTimeout(timer);
    const now = { ...begun };
    if (sameBegun(now, kept)) return;
    // Without a network it stays here, and goes with the next change.
    await http.put(path, now).then(
      () => learn(now),
      () => {},
    );
  }
  void http.get<Begun>(path).then(
    (server) => {
      const next = merged({ ...begun }, kept, server);
      learn(server);
      Object.assign(begun, next);
      void save();
    },
    () => {},
  );
  watch(begun, () => {
    for (const kind of KINDS) write(`draft:${kind}`, begun[kind]);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void save(), PAUSE_MS);
  });
  onScopeDispose(() => void save());
  return begun;
}
