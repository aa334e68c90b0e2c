import { useEffect, useState } from 'preact/hooks';
import { useChatState, usePanel } from '../context.ts';
import type { Words } from '../words.ts';

// A reconnect after a restart takes a moment; only longer ones are worth a word.
const PATIENCE_MS = 1500;

export function Banner() {
  const { words } = usePanel();
  const { link, phase, simple } = useChatState();
  const isDown = phase.at === 'ready' && link.at !== 'open';
  const isStopped = link.at === 'stopped';
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isDown) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isDown]);
  const isShown = isDown && (isLate || isStopped);
  // Slower, but nothing is lost: no cause for alarm.
  const isCalm = simple && !isStopped;
  return (
    <div
      class={`banner ${isShown ? 'on' : ''} ${isStopped ? 'bad' : ''} ${isCalm ? 'calm' : ''}`}
      role="status"
      aria-live="polite"
    >
      {isShown && (
        <>
          {!isStopped && !isCalm && <i class="spinner" />}
          <span>{isStopped ? stopped(link.why, words) : isCalm ? words.simple : down(words)}</span>
          {isStopped && link.why !== 'blocked' && (
            <button type="button" onClick={() => location.reload()}>
              {words.reload}
            </button>
          )}
        </>
      )}
    </div>
  );
}

function down(words: Words): string {
  return navigator.onLine ? words.reconnecting : words.offline;
}

function stopped(why: string, words: Words): string {
  if (why === 'blocked') return words.blocked;
  return why === 'outdated' ? words.outdated : words.stopped;
}
