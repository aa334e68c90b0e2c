import type {
  KnowledgeAnswer,
  KnowledgeDraft,
  KnowledgeEntry,
  KnowledgeImport,
  KnowledgePage,
} from '@macaw/client';
import { ref, shallowRef, watch } from 'vue';
import type { Phase } from './list.ts';
import { http } from './session.ts';

const PATH = '/api/v1/knowledge';
export const PAGE = 50;
const SEARCH_MS = 250;

export const exportPath = `${PATH}/export`;

/** A page of the knowledge, searched as it is typed. */
export function useKnowledge(first = '') {
  const q = ref(first);
  const offset = ref(0);
  const page = shallowRef<KnowledgePage>({ entries: [], total: 0 });
  const phase = ref<Phase>('loading');
  let ticket = 0;
  let timer = 0;

  async function load(): Promise<void> {
    const mine = ++ticket;
    try {
      const next = await readPage(q.value.trim(), PAGE, offset.value);
      if (mine !== ticket) return;
      // The last entry of the last page was deleted.
      if (next.entries.length === 0 && offset.value > 0) {
        offset.value = Math.max(0, Math.ceil(next.total / PAGE) - 1) * PAGE;
        return await load();
      }
      page.value = next;
      phase.value = 'ready';
    } catch {
      if (mine === ticket) phase.value = 'error';
    }
  }
  function turn(by: number) {
    offset.value = Math.max(0, offset.value + by * PAGE);
    void load();
  }
  watch(q, () => {
    offset.value = 0;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void load(), SEARCH_MS);
  });
  void load();
  return { q, offset, page, phase, load, turn };
}

function readPage(q: string, limit: number, offset: number): Promise<KnowledgePage> {
  const words = q ? `q=${encodeURIComponent(q)}&` : '';
  return http.get(`${PATH}?${words}limit=${limit}&offset=${offset}`);
}

/** The whole entry of a hit or a source, which name only its question. */
export async function findEntry(id: string, question: string): Promise<KnowledgeEntry | undefined> {
  const { entries } = await readPage(question, PAGE, 0);
  return entries.find((e) => e.id === id);
}

/** Sends the four fields only: the server refuses what it does not know, and a whole entry has more. */
export function saveEntry(id: string | null, draft: KnowledgeDraft): Promise<KnowledgeEntry> {
  const { question, alternatives, answer, enabled } = draft;
  const body: KnowledgeDraft = { question, alternatives, answer, enabled };
  return id ? http.put(`${PATH}/${id}`, body) : http.post(PATH, body);
}

/** A deleted entry comes back as the one that it was: sources of answers still lead to it. */
export function bringBack({ id, question, alternatives, answer, enabled }: KnowledgeEntry) {
  return http.post<KnowledgeEntry>(PATH, { id, question, alternatives, answer, enabled });
}

export function removeEntry(id: string): Promise<void> {
  return http.delete(`${PATH}/${id}`);
}

export function ask(text: string): Promise<KnowledgeAnswer> {
  return http.post(`${PATH}/ask`, { text });
}

export function importTable(table: string): Promise<KnowledgeImport> {
  return http.upload(`${PATH}/import`, table, 'text/csv; charset=utf-8');
}

export function exportTable(): Promise<string> {
  return http.text(exportPath);
}
