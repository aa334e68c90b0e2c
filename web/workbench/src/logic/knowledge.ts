import type { KnowledgeAnswer, KnowledgeDraft, KnowledgeHit } from '@macaw/client';
import { parseCsv } from './csv.ts';

// The server's bounds, in characters; it checks again.
export const MOST = { question: 300, alternatives: 50, answer: 5000, fileBytes: 4 * 1024 * 1024 } as const;

export type Fault = 'empty' | 'long' | 'many' | 'repeated';
export type Faults = { question?: Fault; alternatives?: Fault; answer?: Fault };

export function blank(question = ''): KnowledgeDraft {
  return { question, alternatives: [], answer: '', enabled: true };
}

export function length(text: string): number {
  return Array.from(text).length;
}

/** Trimmed, without blanks and repeats: as the server keeps it. */
export function tidy(draft: KnowledgeDraft): KnowledgeDraft {
  const question = draft.question.trim();
  const alternatives = [...new Set(draft.alternatives.map((a) => a.trim()))].filter(
    (a) => a && a !== question,
  );
  return { ...draft, question, alternatives, answer: draft.answer.trim() };
}

export function faultsOf(draft: KnowledgeDraft): Faults {
  const { question, alternatives, answer } = tidy(draft);
  const bad = (text: string, most: number): Fault | undefined =>
    text === '' ? 'empty' : length(text) > most ? 'long' : undefined;
  const faults: Faults = {};
  const [q, a] = [bad(question, MOST.question), bad(answer, MOST.answer)];
  if (q) faults.question = q;
  if (a) faults.answer = a;
  if (alternatives.length > MOST.alternatives) faults.alternatives = 'many';
  else if (alternatives.some((text) => length(text) > MOST.question)) faults.alternatives = 'long';
  return faults;
}

export function isSame(a: KnowledgeDraft, b: KnowledgeDraft): boolean {
  return JSON.stringify(keyed(a)) === JSON.stringify(keyed(b));
}

function keyed(draft: KnowledgeDraft): unknown[] {
  const { question, alternatives, answer, enabled } = tidy(draft);
  return [question, alternatives, answer, enabled];
}

export type Refusal = { line: number; field: keyof Faults; fault: Fault };
export type Plan = {
  added: KnowledgeDraft[];
  updated: KnowledgeDraft[];
  unchanged: number;
  refused: Refusal[];
};
export type PlanError = { missing: 'question' | 'answer' };

// The names that the server knows too.
const COLUMNS = {
  question: ['question', '问题', '標題', '标题'],
  alternatives: ['alternatives', '其他问法', '相似问法', '相似问题'],
  answer: ['answer', '答案', '回答'],
  enabled: ['enabled', '启用'],
} as const;
const SAYS: Record<string, boolean> = {
  true: true,
  yes: true,
  '1': true,
  是: true,
  false: false,
  no: false,
  '0': false,
  否: false,
};

/** `enabled` only where the line says so. */
type Line = Omit<KnowledgeDraft, 'enabled'> & { enabled?: boolean };

/** What importing `table` would do to what the `standing` table holds. */
export function planImport(table: string, standing: string): Plan | PlanError {
  const wanted = readTable(table);
  if ('missing' in wanted) return wanted;
  const known = readTable(standing);
  const before = new Map('missing' in known ? [] : known.drafts.map((d) => [d.question, d]));
  const plan: Plan = { added: [], updated: [], unchanged: 0, refused: wanted.refused };
  // A later line with the same question wins, as on the server.
  for (const line of new Map(wanted.drafts.map((d) => [d.question, d])).values()) {
    const old = before.get(line.question);
    const draft = { ...line, enabled: line.enabled ?? old?.enabled ?? true };
    if (!old) plan.added.push(draft);
    else if (isSame({ ...old, enabled: old.enabled ?? true }, draft)) plan.unchanged++;
    else plan.updated.push(draft);
  }
  return plan;
}

function readTable(text: string): { drafts: Line[]; refused: Refusal[] } | PlanError {
  const [head, ...rows] = parseCsv(text);
  const names = head?.cells.map((c) => c.trim().toLowerCase()) ?? [];
  const place = (column: keyof typeof COLUMNS) =>
    names.findIndex((name) => (COLUMNS[column] as readonly string[]).includes(name));
  const [question, alternatives, answer] = [place('question'), place('alternatives'), place('answer')];
  const enabled = place('enabled');
  if (question < 0) return { missing: 'question' };
  if (answer < 0) return { missing: 'answer' };
  const drafts: Line[] = [];
  const refused: Refusal[] = [];
  for (const { line, cells } of rows) {
    const draft = tidy({
      question: cells[question] ?? '',
      alternatives: (cells[alternatives] ?? '').split('|'),
      answer: cells[answer] ?? '',
      enabled: true,
    });
    const [first] = Object.entries(faultsOf(draft)) as [keyof Faults, Fault][];
    if (first) refused.push({ line, field: first[0], fault: first[1] });
    else drafts.push({ ...draft, enabled: SAYS[(cells[enabled] ?? '').trim().toLowerCase()] });
  }
  return { drafts, refused };
}

export type Verdict = 'answers' | 'human' | 'unknown';

export function verdictOf(answer: KnowledgeAnswer): Verdict {
  if (answer.answer !== null) return 'answers';
  return answer.wants_human ? 'human' : 'unknown';
}

/** Where a score and the gate stand on one bar, 0 to 1. Scores are 0 to 1 themselves unless a hit says otherwise. */
export function onBar(answer: KnowledgeAnswer): { gate: number; of: (hit: KnowledgeHit) => number } {
  const most = Math.max(1, answer.gate, ...answer.hits.map((h) => h.score));
  return { gate: answer.gate / most, of: (hit) => Math.max(0, hit.score) / most };
}

export type Cover = { question: number; entry: number; alike: number };

/** The percentages in a hit's reason; null for a reason in other words, which is shown as it is. */
export function coverOf(why: string): Cover | null {
  const found = /^covers (\d+) % of the question, (\d+) % of the entry, (\d+) % alike$/.exec(why);
  return found ? { question: Number(found[1]), entry: Number(found[2]), alike: Number(found[3]) } : null;
}
