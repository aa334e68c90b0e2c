import type { SiteCard } from '@macaw/client';
import { useChatState, usePanel } from '../context.ts';
import { isSaid } from '../rows.ts';
import { clock, dayName } from '../times.ts';
import type { Words } from '../words.ts';
import { Avatar, Face } from './avatar.tsx';
import { GoIcon, SparkIcon } from './icons.tsx';

/** Where the panel opens: a greeting, who is there, what was said last, and questions to tap. */
export function Home() {
  const { chat, words } = usePanel();
  const { site } = useChatState();
  if (!site) return null;

  function ask(text: string) {
    chat.send(text);
    // The chip goes away and would take the focus with it.
    if (matchMedia('(pointer:fine)').matches) document.querySelector('textarea')?.focus();
  }

  return (
    <div class="welcome">
      <div class={`perch ${site.face}`}>
        <Face size={84} />
      </div>
      <h2>{site.greeting || words.emptyGreeting}</h2>
      <Presence site={site} />
      <GoOn />
      {site.suggestions.length > 0 && (
        <section aria-labelledby="chips">
          <h3 id="chips">{words.chips}</h3>
          <ul class="chips">
            {site.suggestions.map((text) => (
              <li key={text}>
                <button type="button" onClick={() => ask(text)}>
                  <span>{text}</span>
                  <GoIcon />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Who is there, and how soon an answer comes: only what is known is promised. */
function Presence({ site }: { site: SiteCard }) {
  const { words } = usePanel();
  const { agents, online, engine } = site;
  return (
    <p class={`presence ${online ? '' : 'away'}`}>
      {agents.length > 0 && (
        <span class="faces" aria-hidden="true">
          {agents.map((name) => (
            <Avatar key={name} name={name} size="small" />
          ))}
        </span>
      )}
      {!online && engine && <SparkIcon />}
      <span>
        <strong>{online ? words.there(agents) : engine ? words.aiReady : words.queueAway}</strong>
        <small>{soon(site, words)}</small>
      </span>
    </p>
  );
}

function soon({ online, answers_in_ms: ms }: SiteCard, words: Words): string {
  if (!online) return words.away;
  return ms === undefined ? words.answersSoon : words.answersIn(ms / 60_000);
}

/** The conversation so far, with its last line and what is not read of it. */
function GoOn() {
  const { chat, words } = usePanel();
  const { view, unread } = useChatState();
  const last = view?.public.entries.filter(isSaid).at(-1);
  if (!last) return null;
  const who = last.from === 'visitor' ? words.you : last.from === 'engine' ? words.aiName : last.author?.name;
  const now = Date.now();
  const when = now - last.at < 86_400_000 ? clock(last.at, words.lang) : dayName(last.at, now, words);
  return (
    <button type="button" class="goon" onClick={() => chat.go('chat')}>
      <Avatar name={last.from === 'agent' ? (last.author?.name ?? null) : null} size="small" />
      <span class="said">
        <strong>{words.goOn}</strong>
        <small>
          {who && `${who}: `}
          {last.text}
        </small>
      </span>
      {unread > 0 ? (
        <span class="count">
          {unread}
          <span class="hidden"> {words.unread}</span>
        </span>
      ) : (
        <time dateTime={new Date(last.at).toISOString()}>{when}</time>
      )}
    </button>
  );
}
