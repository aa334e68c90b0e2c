import type { Begun } from '@macaw/client';

/**
 * What stands in the composer when a conversation is opened. `local` is what this browser has, `kept` what the
 * server last had as far as this browser knows, `server` what it has now: what was typed here since wins, else
 * another device may have gone on.
 */
export function merged(local: Begun, kept: Begun, server: Begun): Begun {
  const pick = (kind: keyof Begun) => (local[kind] === kept[kind] ? server[kind] : local[kind]);
  return { reply: pick('reply'), note: pick('note') };
}

export function sameBegun(a: Begun, b: Begun): boolean {
  return a.reply === b.reply && a.note === b.note;
}
