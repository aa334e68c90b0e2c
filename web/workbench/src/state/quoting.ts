import { type Entry, hasOlder, type View } from '@macaw/client';
import { ref, shallowRef } from 'vue';
import { http } from './session.ts';
import { attempt } from './toast.ts';

/** The conversation that is looked at. */
export const shown = shallowRef<View | null>(null);
/** What the next reply there is about. */
export const quoting = shallowRef<Entry | null>(null);
/** The message that somebody has jumped to. */
export const found = ref(0);

let older: () => Promise<unknown> = async () => {};

/** Looks at another view of the conversation; at another conversation nothing is quoted. */
export function look(view: View | null, loadOlder: () => Promise<unknown>): void {
  if (view?.conversation !== shown.value?.conversation) quoting.value = null;
  shown.value = view;
  older = loadOlder;
}

export function entryAt(seq: number): Entry | undefined {
  const log = shown.value?.public;
  return log?.entries[seq - log.base - 1];
}

/** The seq of what is quoted, which is said once. */
export function takeQuote(): number | undefined {
  const seq = quoting.value?.seq;
  quoting.value = null;
  return seq;
}

export function recall(seq: number): Promise<boolean> {
  const conversation = shown.value?.conversation ?? '';
  return attempt(() => http.post(`/api/v1/conversations/${conversation}/entries/${seq}/recall`));
}

const MOST_PAGES = 40;

/** Brings a message into sight, reading older pages until it is there. */
export async function jump(seq: number): Promise<void> {
  for (let n = 0; n < MOST_PAGES && !entryAt(seq); n++) {
    if (!shown.value || !hasOlder(shown.value.public)) return;
    await older();
  }
  found.value = 0;
  requestAnimationFrame(() => {
    document.getElementById(`m${seq}`)?.scrollIntoView({ block: 'center' });
    found.value = seq;
  });
}
