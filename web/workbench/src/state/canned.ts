import type { CannedDraft, CannedReply } from '@macaw/client';
import { ref, shallowRef } from 'vue';
import type { Phase } from './list.ts';
import { http } from './session.ts';

const PATH = '/api/v1/canned';
const all = shallowRef<CannedReply[]>([]);
const phase = ref<Phase>('loading');

async function load(): Promise<void> {
  try {
    all.value = await http.get<CannedReply[]>(PATH);
    phase.value = 'ready';
  } catch {
    if (phase.value !== 'ready') phase.value = 'error';
  }
}

/** The team's replies and the own ones; what is known is shown while it is asked for again. */
export function useCanned() {
  void load();
  return { all, phase, load };
}

/** Sends what the server knows only: a whole reply has more. */
export function saveCanned(id: string | null, draft: CannedDraft): Promise<CannedReply> {
  const { folder, title, text, shared } = draft;
  const body = { folder, title, text, shared };
  return id ? http.put(`${PATH}/${id}`, body) : http.post(PATH, body);
}

export function removeCanned(id: string): Promise<void> {
  return http.delete(`${PATH}/${id}`);
}

export function bringBackCanned({ id, folder, title, text, shared }: CannedReply): Promise<CannedReply> {
  return http.post(PATH, { id, folder, title, text, shared });
}
