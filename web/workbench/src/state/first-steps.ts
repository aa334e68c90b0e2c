import type { FirstSteps } from '@macaw/client';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { Phase } from './list.ts';
import { http } from './session.ts';

const EVERY_MS = 5000;

/** The first steps, read again while one is open and the page is looked at: "seen on your page" turns green by itself. */
export function useFirstSteps() {
  const steps = shallowRef<FirstSteps['steps']>([]);
  const phase = ref<Phase>('loading');
  const isDone = computed(() => phase.value === 'ready' && steps.value.every((s) => s.done));
  let timer = 0;
  let isGone = false;

  async function load(): Promise<void> {
    window.clearTimeout(timer);
    try {
      const answer = await http.get<FirstSteps>('/api/v1/first-steps');
      steps.value = answer.steps;
      phase.value = 'ready';
    } catch {
      if (phase.value !== 'ready') phase.value = 'error';
    }
    if (!isGone && !isDone.value && phase.value === 'ready') timer = window.setTimeout(again, EVERY_MS);
  }
  function again() {
    if (document.visibilityState === 'visible') void load();
  }
  document.addEventListener('visibilitychange', again);
  onScopeDispose(() => {
    isGone = true;
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', again);
  });
  void load();
  return { steps, phase, isDone, load };
}
