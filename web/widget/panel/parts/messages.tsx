import { hasOlder, lastSeq } from '@macaw/client';
import { useMemo } from 'preact/hooks';
import { useChatState, usePanel } from '../context.ts';
import { lazily } from '../lazy.tsx';
import { canRate, isSaid, rowsOf } from '../rows.ts';
import { useStickToEnd } from '../scroll.ts';
import { Bubble } from './bubble.tsx';
import { DownIcon } from './icons.tsx';
import { DayLine, EventLine } from './lines.tsx';
import { Queue } from './queue.tsx';
import { TypingRow } from './typing.tsx';

const Rating = lazily(() => import('./rating.tsx').then((part) => part.Rating));

export function Messages() {
  const { chat, words } = usePanel();
  const { view, site, link, simple } = useChatState();
  const rows = useMemo(() => (view ? rowsOf(view, Date.now(), site?.greeting) : []), [view, site]);
  const mine = view?.pending.at(-1)?.client_id ?? '';
  const { ref, isAway, hasNew, toEnd, keepPlace } = useStickToEnd(view ? lastSeq(view.public) : 0, mine);
  if (!view) return null;

  async function older() {
    const restore = keepPlace();
    if (await chat.loadOlder().catch(() => false)) restore();
  }

  // Only while it is the last word, and a person is not asked for yet.
  const isWithEngine = view.state?.status === 'open' && view.state.owner.kind === 'engine';
  const said = view.public.entries.filter(isSaid).at(-1);
  const offers = isWithEngine && said?.offers_human ? said.id : null;
  const hasTyping = view.typing?.from === 'agent';
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div class="scroll" tabIndex={0} ref={ref}>
        {hasOlder(view.public) && (
          <button type="button" class="older" onClick={() => void older()}>
            {words.older}
          </button>
        )}
        {/* Off until the history is here: only what is new is worth reading aloud. */}
        <div class="log" role="log" aria-label={words.log} aria-live={view.live ? 'polite' : 'off'}>
          {rows.map((row) =>
            row.kind === 'day' ? (
              <DayLine key={row.key} at={row.at} />
            ) : row.kind === 'event' ? (
              <EventLine key={row.key} entry={row.entry} />
            ) : (
              <Bubble key={row.key} row={row} isOnline={link.at === 'open' || simple} offers={offers} />
            ),
          )}
        </div>
        <Queue />
        {canRate(view) && <Rating />}
        {hasTyping && <TypingRow name={view.state?.owner.name ?? words.agent} />}
      </div>
      <button
        type="button"
        class={`to-end ${isAway ? 'on' : ''}`}
        tabIndex={isAway ? 0 : -1}
        aria-hidden={!isAway}
        aria-label={hasNew ? words.newer : words.bottom}
        onClick={toEnd}
      >
        <DownIcon />
        {hasNew && <span>{words.newer}</span>}
      </button>
    </>
  );
}
