import type { BlockedVisitor, DeskSettings, Tag, TagDraft } from '@macaw/client';
import { computed, ref, shallowRef } from 'vue';
import { t } from '../i18n/index.ts';
import { http } from './session.ts';

export const tags = shallowRef<Tag[]>([]);
/** What everybody begins with. */
export const desk = ref<DeskSettings>({ close_reasons: null, amber_ms: 60_000, red_ms: 180_000 });
const known = computed(() => new Map(tags.value.map((tag) => [tag.id, tag])));

export async function loadTags(): Promise<void> {
  tags.value = await http.get<Tag[]>('/api/v1/tags');
}

export async function loadDesk(): Promise<void> {
  desk.value = await http.get<DeskSettings>('/api/v1/desk');
}

export async function saveDesk(settings: DeskSettings): Promise<void> {
  desk.value = await http.put<DeskSettings>('/api/v1/desk', settings);
}

/** The tags of a conversation; one that the list has no more was deleted, or is not loaded yet. */
export function tagsOf(ids: readonly string[] | undefined): Tag[] {
  return (ids ?? []).flatMap((id) => known.value.get(id) ?? []);
}

export async function saveTag(id: string | null, { name, colour }: TagDraft): Promise<void> {
  await (id ? http.put(`/api/v1/tags/${id}`, { name, colour }) : http.post('/api/v1/tags', { name, colour }));
  await loadTags();
}

export async function removeTag(id: string): Promise<void> {
  await http.delete(`/api/v1/tags/${id}`);
  await loadTags();
}

/** A deleted tag comes back as the one that it was, on the conversations that had it. */
export async function bringBackTag({ id, name, colour }: Tag): Promise<void> {
  await http.post('/api/v1/tags', { id, name, colour });
  await loadTags();
}

const DEFAULTS = ['solved', 'nothing', 'silent', 'elsewhere', 'spam'] as const;

/** The tenant's own, or ours in the language of the agent while it has none. */
export const closeReasons = computed(
  () => desk.value.close_reasons ?? DEFAULTS.map((key) => t(`close.default.${key}`)),
);

export function readBlocks(offset: number, limit: number): Promise<BlockedVisitor[]> {
  return http.get(`/api/v1/blocks?limit=${limit}&offset=${offset}`);
}
