import { useChatState, usePanel } from '../context.ts';
import { Bird } from './icons.tsx';

/** Before the first message: the shop's greeting and questions to tap. */
export function Welcome() {
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
      <div class="perch">
        <Bird size={84} />
      </div>
      <h2>{site.greeting || words.emptyGreeting}</h2>
      {site.suggestions.length > 0 && (
        <section aria-labelledby="chips">
          <h3 id="chips">{words.chips}</h3>
          <ul class="chips">
            {site.suggestions.map((text) => (
              <li key={text}>
                <button type="button" onClick={() => ask(text)}>
                  <span>{text}</span>
                  <svg width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                    <path
                      d="m9 5 7 7-7 7"
                      fill="none"
                      stroke="currentColor"
                      stroke-width="2.2"
                      stroke-linecap="round"
                      stroke-linejoin="round"
                    />
                  </svg>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
