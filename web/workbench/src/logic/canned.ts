import type { CannedDraft, CannedReply } from '@macaw/client';

// The server's bounds, in characters; it checks again.
export const MOST = { name: 60, text: 5000 } as const;

/** Where a slash calls for a canned reply, and what was typed behind it. */
export type Slash = { from: number; words: string };

/** The slash before the caret, at the beginning of a word; addresses and fractions call for nothing. */
export function slashAt(text: string, caret: number): Slash | null {
  const words = /(?:^|\s)\/([^\s/]{0,40})$/.exec(text.slice(0, caret))?.[1];
  return words === undefined ? null : { from: caret - words.length - 1, words };
}

/** What has these words: in the beginning of the title, in the title, the folder, the text. */
export function findCanned(all: readonly CannedReply[], words: string): CannedReply[] {
  const wanted = words.trim().toLowerCase();
  const place = (r: CannedReply) => {
    if (r.title.toLowerCase().startsWith(wanted)) return 0;
    return [r.title, r.folder, r.text].findIndex((part) => part.toLowerCase().includes(wanted)) + 1 || 9;
  };
  // Sorting keeps the order of equals: folder and title, as the server gives them.
  return all
    .map((reply) => ({ reply, at: place(reply) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at)
    .map(({ reply }) => reply);
}

export type Names = { visitor: string; agent: string; site: string };
const NAMES: Record<string, keyof Names> = {
  visitor: 'visitor',
  agent: 'agent',
  site: 'site',
  访客: 'visitor',
  客服: 'agent',
  站点: 'site',
};
export const variables = ['visitor', 'agent', 'site'] as const;

/** Fills in {{visitor}}, {{agent}} and {{site}}; a name that is not known stays, so that it is seen before it is sent. */
export function fillIn(text: string, names: Names): string {
  return text.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (whole, name: string) => {
    const known = NAMES[name.toLowerCase()];
    return known ? names[known] : whole;
  });
}

/** Puts `filled` where the slash was. */
export function putIn(text: string, slash: Slash, filled: string): { text: string; caret: number } {
  const rest = text.slice(slash.from + slash.words.length + 1);
  return { text: text.slice(0, slash.from) + filled + rest, caret: slash.from + filled.length };
}

export type CannedFault = 'empty' | 'long';
export type CannedFaults = { folder?: CannedFault; title?: CannedFault; text?: CannedFault };

export function faultsOf(draft: CannedDraft): CannedFaults {
  const long = (text: string, most: number) => Array.from(text.trim()).length > most;
  const faults: CannedFaults = {};
  if (long(draft.folder, MOST.name)) faults.folder = 'long';
  if (!draft.title.trim()) faults.title = 'empty';
  else if (long(draft.title, MOST.name)) faults.title = 'long';
  if (!draft.text.trim()) faults.text = 'empty';
  else if (long(draft.text, MOST.text)) faults.text = 'long';
  return faults;
}

/** By folder, those without one first; as the server orders them inside. */
export function byFolder(all: readonly CannedReply[]): { folder: string; replies: CannedReply[] }[] {
  const folders = new Map<string, CannedReply[]>();
  for (const reply of all) folders.set(reply.folder, [...(folders.get(reply.folder) ?? []), reply]);
  return [...folders].map(([folder, replies]) => ({ folder, replies }));
}
