import type { Entry } from '@macaw/client';
import { useChatState, usePanel } from '../context.ts';
import type { Message } from '../rows.ts';
import { clock } from '../times.ts';
import { AttachmentView } from './attachment.tsx';
import { Avatar } from './avatar.tsx';
import { AlertIcon, BookIcon, ClockIcon, PersonIcon, SparkIcon, TickIcon, TicksIcon } from './icons.tsx';
import { Acts, Quoted } from './quote.tsx';
import { Text } from './text.tsx';
import { Dots } from './typing.tsx';

type Props = {
  row: Message;
  isOnline: boolean;
  /** The entry beside which a person is offered. */
  offers: string | null;
};

export function Bubble({ row, isOnline, offers }: Props) {
  const { words } = usePanel();
  const isMine = row.from === 'visitor';
  const isEngine = row.from === 'engine';
  const quotes = row.entry?.quotes ?? row.pending?.quotes;
  const name = isMine
    ? words.you
    : isEngine
      ? words.aiName
      : row.from === 'agent'
        ? (row.name ?? words.agent)
        : null;
  const classes = [
    'row',
    row.from,
    isMine ? 'mine' : 'theirs',
    row.first && 'first',
    row.last && 'last',
    row.streaming && 'live',
    row.first && !isMine && name && 'named',
  ];
  return (
    <article
      id={row.entry && `m${row.entry.seq}`}
      class={classes.filter(Boolean).join(' ')}
      aria-live={row.streaming ? 'off' : undefined}
    >
      {!isMine &&
        (row.first ? (
          <Avatar name={row.from === 'agent' ? (name ?? null) : null} size="small" />
        ) : (
          <span class="gutter" />
        ))}
      <div class="stack">
        {!isMine && row.first && name && (
          <p class="name">
            {name}
            {isEngine && (
              <span class="ai">
                <SparkIcon />
                {words.aiMark}
              </span>
            )}
          </p>
        )}
        <div
          class={`bubble ${row.delivery === 'failed' ? 'bad' : ''} ${row.entry?.file?.width ? 'bare' : ''}`}
        >
          {isMine && <span class="hidden">{words.you}: </span>}
          {quotes && <Quoted seq={quotes} />}
          {row.streaming && !row.text ? (
            <Dots label={words.thinking} />
          ) : (
            <>
              {row.entry?.file ? <AttachmentView file={row.entry.file} /> : <Text text={row.text} />}
              {row.streaming && <i class="caret" aria-hidden="true" />}
            </>
          )}
          {row.entry?.interrupted && <span class="cut">{words.interrupted}</span>}
        </div>
        {row.entry && <Acts entry={row.entry} />}
        {row.entry?.sources && row.entry.sources.length > 0 && <Sources entry={row.entry} />}
        {row.entry && row.entry.id === offers && <Offer />}
        {row.delivery === 'failed' ? <FailedLine row={row} /> : <Meta row={row} isOnline={isOnline} />}
      </div>
    </article>
  );
}

function Meta({ row, isOnline }: Pick<Props, 'row' | 'isOnline'>) {
  const { words } = usePanel();
  if (!row.last || row.streaming || row.key === 'greeting') return null;
  const isWaiting = row.delivery === 'sending' && !isOnline;
  const label =
    row.delivery === 'sending'
      ? isWaiting
        ? words.waiting
        : words.sending
      : row.delivery === 'read'
        ? words.read
        : row.delivery === 'delivered'
          ? words.delivered
          : words.sent;
  return (
    <p class={`meta ${row.delivery ?? ''}`}>
      <time dateTime={new Date(row.at).toISOString()}>{clock(row.at, words.lang)}</time>
      {row.delivery && (
        <span class="tick" title={label}>
          {row.delivery === 'sending' ? (
            <ClockIcon />
          ) : row.delivery === 'read' || row.delivery === 'delivered' ? (
            <TicksIcon />
          ) : (
            <TickIcon />
          )}
          <span class={isWaiting ? '' : 'hidden'}>{label}</span>
        </span>
      )}
    </p>
  );
}

function FailedLine({ row }: { row: Message }) {
  const { chat, words } = usePanel();
  return (
    <p class="meta failed" role="alert">
      <AlertIcon />
      <span>{row.pending?.code === 'text_too_long' ? words.tooLong : words.failed}</span>
      <button type="button" onClick={() => chat.retry(row.key)}>
        {words.retry}
      </button>
      <button type="button" onClick={() => chat.discard(row.key)}>
        {words.discard}
      </button>
    </p>
  );
}

/** The engine does not know: the way to a person is right under its words. */
function Offer() {
  const { chat, words } = usePanel();
  const { handing } = useChatState();
  return (
    <button
      type="button"
      class="offer"
      disabled={handing === 'asking'}
      onClick={() => void chat.handOver(words.handOverAsk)}
    >
      <PersonIcon />
      {words.handOver}
    </button>
  );
}

function Sources({ entry }: { entry: Entry }) {
  const { words } = usePanel();
  return (
    <ul class="sources" aria-label={words.sources}>
      {entry.sources?.slice(0, 4).map((source) => (
        <li key={source.entry ?? source.title} title={source.title}>
          <BookIcon />
          <span>{source.title}</span>
        </li>
      ))}
    </ul>
  );
}
