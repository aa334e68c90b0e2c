import { useChatState, usePanel } from '../context.ts';
import { PersonIcon } from './icons.tsx';

/** The visitor waits for a person: the place in the line, or honest words when nobody is there. */
export function Queue() {
  const { words } = usePanel();
  const { view, site } = useChatState();
  const state = view?.state;
  if (state?.status !== 'open' || state.owner.kind !== 'queue') return null;
  const { position } = state;
  const isAway = site !== null && !site.online;
  const isNext = !isAway && (!position || position === 1);
  return (
    <div class={`queue ${isAway ? 'away' : ''}`} role="status">
      <span class="place">{isAway || isNext ? <PersonIcon /> : position}</span>
      <span>
        <strong>
          {isAway ? words.queueAway : isNext ? words.queueNext : words.queuePlace(position ?? 1)}
        </strong>
        <small>{isAway ? words.queueAwayHelp : words.queueHelp}</small>
      </span>
    </div>
  );
}
