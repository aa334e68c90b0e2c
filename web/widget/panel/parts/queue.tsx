import { useChatState, usePanel } from '../context.ts';
import { PersonIcon } from './icons.tsx';

/** Places that the server counts; who waits further back is told no more than that. */
const COUNTED = 200;

/** The visitor waits for a person: the place in the line, or honest words when nobody is there. */
export function Queue() {
  const { words } = usePanel();
  const { view, site } = useChatState();
  const state = view?.state;
  if (state?.status !== 'open' || state.owner.kind !== 'queue') return null;
  const { position } = state;
  const isAway = site !== null && !site.online;
  const isNext = !isAway && (!position || position === 1);
  const place = (position ?? 1) > COUNTED ? `${COUNTED}+` : String(position);
  return (
    <div class={`queue ${isAway ? 'away' : ''}`} role="status">
      <span class="place">{isAway || isNext ? <PersonIcon /> : place}</span>
      <span>
        <strong>{isAway ? words.queueAway : isNext ? words.queueNext : words.queuePlace(place)}</strong>
        <small>{isAway ? words.queueAwayHelp : words.queueHelp}</small>
      </span>
    </div>
  );
}
