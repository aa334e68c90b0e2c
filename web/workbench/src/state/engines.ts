import type { Engine, EngineTried } from '@macaw/client';
import { ref, shallowRef } from 'vue';
import type { Phase } from './list.ts';
import { http } from './session.ts';

const PATH = '/api/v1/engines';

/** All engines that the tenant can choose. */
export function useEngines() {
  const engines = shallowRef<Engine[]>([]);
  const phase = ref<Phase>('loading');
  async function load() {
    try {
      engines.value = await listEngines();
      phase.value = 'ready';
    } catch {
      phase.value = 'error';
    }
  }
  void load();
  return { engines, phase, load };
}

export async function listEngines(): Promise<Engine[]> {
  return (await http.get<{ engines: Engine[] }>(PATH)).engines;
}

export type EngineBody = {
  settings: Record<string, unknown>;
  secrets?: Record<string, string>;
  enabled: boolean;
};

export function addEngine(name: string, kind: string, body: EngineBody): Promise<Engine> {
  return http.post(PATH, { name, kind, ...body });
}

export function changeEngine(id: string, body: EngineBody): Promise<Engine> {
  return http.put(`${PATH}/${id}`, body);
}

export function removeEngine(id: string): Promise<void> {
  return http.delete(`${PATH}/${id}`);
}

export function tryEngine(id: string, text: string): Promise<EngineTried> {
  return http.post(`${PATH}/${encodeURIComponent(id)}/test`, { text });
}
