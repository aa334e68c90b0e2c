import type { State } from '@macaw/client';
import type { ChatState } from '../chat.ts';
import { useChatState, usePanel } from '../context.ts';
import type { Screen } from '../screens.ts';
import type { Words } from '../words.ts';
import { Avatar } from './avatar.tsx';
import { BackIcon, CloseIcon, PersonIcon } from './icons.tsx';

/** Who is on the other side, in words, and the way to a person. */
export function Header({ screen }: { screen: Screen | null }) {
  const { chat, words, where } = usePanel();
  const state = useChatState();
  const { site, handing } = state;
  const now = state.view?.state ?? null;
  const agent = now?.status === 'open' && now.owner.kind === 'agent' ? (now.owner.name ?? words.agent) : null;
  const canAsk = state.phase.at === 'ready' && (now ? now.owner.kind === 'engine' : site?.engine);
  const isQueued = now?.status === 'open' && now.owner.kind === 'queue';
  const isThere = isQueued ? site?.online : agent !== null || site?.online || site?.engine;
  return (
    <header class={`header ${site && !site.powered ? 'own' : ''}`}>
      {screen === 'chat' && now && (
        <button type="button" class="icon back" aria-label={words.home} onClick={() => chat.go('home')}>
          <BackIcon />
        </button>
      )}
      <Avatar name={agent} size="large" online={isThere} />
      <div class="who">
        <h1>{agent ?? site?.title ?? ' '}</h1>
        <p role="status">{handing === 'failed' ? words.handOverFailed : subtitle(state, now, words)}</p>
      </div>
      {canAsk && (
        <button
          type="button"
          class="person"
          disabled={handing === 'asking'}
          onClick={() => void chat.handOver(words.handOverAsk)}
        >
          <PersonIcon />
          <span>{words.handOver}</span>
        </button>
      )}
      {where.embedded && (
        <button type="button" class="icon" aria-label={words.close} onClick={() => chat.close()}>
          <CloseIcon />
        </button>
      )}
    </header>
  );
}

function subtitle({ site }: ChatState, now: State | null, words: Words): string {
  if (now?.status === 'closed') return words.closedState;
  // Nobody is there: a place in a line would be a promise.
  if (now?.owner.kind === 'queue' && site && !site.online) return words.away;
  if (now?.owner.kind === 'queue') return words.inQueue(now.position);
  if (now?.owner.kind === 'agent') return words.withAgent(now.owner.name ?? words.agent);
  if (!site) return ' ';
  if (site.engine) return words.aiReady;
  return site.online ? words.agentReady : words.away;
}
