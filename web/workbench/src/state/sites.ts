import type { Site } from '@macaw/client';
import { computed, ref } from 'vue';
import { http } from './session.ts';

const names = ref<Record<string, string>>({});

export async function loadSites(): Promise<void> {
  const sites = await http.get<Site[]>('/api/v1/sites');
  names.value = Object.fromEntries(sites.map((s) => [s.id, s.name]));
}

export const sites = computed(() => Object.entries(names.value).map(([id, name]) => ({ id, name })));
/** With one site alone nobody needs to be told which. */
export const severalSites = computed(() => sites.value.length > 1);
/** The name of a site; empty until it is known. */
export const siteName = (id: string): string => names.value[id] ?? '';
