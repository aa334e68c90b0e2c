import { ref } from 'vue';
import { wordsOf } from './session.ts';

export const toast = ref<{ text: string; bad: boolean } | null>(null);
let timer = 0;

export function say(text: string, bad = false): void {
  toast.value = { text, bad };
  window.clearTimeout(timer);
  timer = window.setTimeout(() => (toast.value = null), 5000);
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
