import { ref } from 'vue';
import { wordsOf } from './session.ts';

export type ToastAction = { label: string; run: () => void };
export const toast = ref<{ text: string; bad: boolean; action?: ToastAction } | null>(null);
const SHOWN_MS = 5000;
// A hand needs time to reach a button.
const SHOWN_WITH_ACTION_MS = 10_000;
let timer = 0;

export function say(text: string, bad = false, action?: ToastAction): void {
  toast.value = action ? { text, bad, action } : { text, bad };
  window.clearTimeout(timer);
  timer = window.setTimeout(hush, action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
}

export function hush(): void {
  toast.value = null;
}

/** Runs it; a failure is told in words. True when it went well. */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    say(wordsOf(error), true);
    return false;
  }
}
