import type { EntryEvent } from '@macaw/client';

/** ★★★★☆ and what the visitor said to it; empty for any other event. */
export function ratingWords({ score, comment }: EntryEvent): string {
  if (score === undefined) return '';
  return '★'.repeat(score) + '☆'.repeat(Math.max(0, 5 - score)) + (comment ? ` “${comment}”` : '');
}
