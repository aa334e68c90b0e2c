import type { Entry } from '@macaw/client';

// A little less than the server allows, so that a press is not refused on the way.
const RECALL_MS = 115_000;

/** Whether the agent may still take the message back. */
export function canRecall(entry: Entry, agent: string, now: number): boolean {
  const isMessage = entry.kind === 'text' || entry.kind === 'file';
  return isMessage && entry.from === 'agent' && entry.author?.id === agent && now - entry.at < RECALL_MS;
}
