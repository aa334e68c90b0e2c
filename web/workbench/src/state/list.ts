import { type Ref, ref } from 'vue';
import { http } from './session.ts';

export type Phase = 'loading' | 'error' | 'ready';

export function useList<T>(path: string) {
  const items = ref([]) as Ref<T[]>;
  const phase = ref<Phase>('loading');
  async function load() {
    try {
      items.value = await http.get<T[]>(path);
      phase.value = 'ready';
    } catch {
      phase.value = 'error';
    }
  }
  void load();
  return { items, phase, load };
}
