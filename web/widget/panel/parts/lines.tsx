import type { Entry } from '@macaw/client';
import { usePanel } from '../context.ts';
import { dayName } from '../times.ts';
import type { Words } from '../words.ts';

export function DayLine({ at }: { at: number }) {
  const { words } = usePanel();
  return (
    <p class="day">
      <span>{dayName(at, Date.now(), words)}</span>
    </p>
  );
}

export function EventLine({ entry }: { entry: Entry }) {
  const { words } = usePanel();
  return (
    <p class={`event ${entry.event?.kind ?? ''}`}>
      <span>{eventWords(entry, words)}</span>
      {entry.event?.comment && <q>{entry.event.comment}</q>}
    </p>
  );
}

/** Our words for the kinds we know; the entry's own text, which is always readable, for the rest. */
export function eventWords(entry: Entry, words: Words): string {
  if (entry.kind === 'recalled')
    return entry.from === 'visitor' ? words.recalledOwn : words.recalled(entry.author?.name ?? words.agent);
  const event = entry.event;
  const say =
    event && event.kind in words.events ? words.events[event.kind as keyof Words['events']] : undefined;
  if (!event || !say) return entry.text;
  if (event.kind === 'rated') return words.events.rated(stars(event.score ?? 0));
  return say(('agent' in event && event.agent?.name) || entry.author?.name || words.agent);
}

function stars(score: number): string {
  return '★'.repeat(score) + '☆'.repeat(Math.max(0, 5 - score));
}
