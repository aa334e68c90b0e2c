import type { Entry } from '@macaw/client';
import { hasOlder } from '@macaw/client';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat.ts';
import { useChatState, usePanel } from '../context.ts';
import { canRecall } from '../rows.ts';
import type { Words } from '../words.ts';
import { QuoteIcon, UndoIcon, XIcon } from './icons.tsx';

/** What can be done with a message: quote it, or take one's own back while that is allowed. */
export function Acts({ entry }: { entry: Entry }) {
  const { chat, words } = usePanel();
  const [now, setNow] = useState(() => Date.now());
  const [hasFailed, setFailed] = useState(false);
  const isOpen = canRecall(entry, now);
  // It goes away by itself when its time is over.
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, [isOpen]);

  function quote() {
    chat.quote(entry);
    document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();
  }

  return (
    <span class="acts">
      <button type="button" aria-label={words.quote} title={words.quote} onClick={quote}>
        <QuoteIcon />
      </button>
      {isOpen && (
        <button
          type="button"
          aria-label={words.recall}
          title={words.recall}
          onClick={() => void chat.recall(entry.seq).catch(() => setFailed(true))}
        >
          <UndoIcon />
        </button>
      )}
      {hasFailed && <span role="alert">{words.recallFailed}</span>}
    </span>
  );
}

/** The quoted line inside a message; a press goes there. */
export function Quoted({ seq }: { seq: number }) {
  const { chat, words } = usePanel();
  const entry = entryAt(chat, seq);
  return (
    <button type="button" class="quoted" onClick={() => void jump(chat, seq)}>
      <span class="hidden">{words.quoting}: </span>
      <Line entry={entry} words={words} />
    </button>
  );
}

/** What the message in the making is about. */
export function QuoteBar() {
  const { chat, words } = usePanel();
  const { quoting } = useChatState();
  if (!quoting) return null;
  return (
    <div class="quoting">
      <span class="quoted">
        <Line entry={entryAt(chat, quoting.seq) ?? quoting} words={words} />
      </span>
      <button type="button" class="icon" aria-label={words.unquote} onClick={() => chat.quote(null)}>
        <XIcon />
      </button>
    </div>
  );
}

function Line({ entry, words }: { entry: Entry | undefined; words: Words }) {
  if (!entry) return <>{words.quoteFar}</>;
  const name =
    entry.from === 'visitor'
      ? words.you
      : entry.from === 'engine'
        ? words.aiName
        : (entry.author?.name ?? words.agent);
  return (
    <>
      <b>{name}</b>
      <span>{entry.kind === 'recalled' ? words.quoteGone : entry.text}</span>
    </>
  );
}

function entryAt(chat: Chat, seq: number): Entry | undefined {
  const log = chat.state.view?.public;
  return log?.entries[seq - log.base - 1];
}

// Pages of fifty: a quote from further back is not worth the wait.
const MOST_PAGES = 20;

async function jump(chat: Chat, seq: number): Promise<void> {
  for (let n = 0; n < MOST_PAGES && !entryAt(chat, seq); n++) {
    const log = chat.state.view?.public;
    if (!log || !hasOlder(log) || !(await chat.loadOlder().catch(() => false))) return;
  }
  // The rows that came are drawn in the next frame.
  requestAnimationFrame(() => {
    const row = document.getElementById(`m${seq}`);
    row?.scrollIntoView({ block: 'center' });
    row?.classList.remove('found');
    void row?.offsetWidth;
    row?.classList.add('found');
  });
}
