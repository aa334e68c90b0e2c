import { useState } from 'preact/hooks';
import { usePanel } from '../context.ts';
import { StarIcon } from './icons.tsx';

const SCORES = [1, 2, 3, 4, 5] as const;

/** Asked for after the end, once for each closing. */
export function Rating() {
  const { chat, words } = usePanel();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const [state, setState] = useState<'open' | 'sending' | 'failed'>('open');

  async function send() {
    if (!score || state === 'sending') return;
    setState('sending');
    // The event that follows takes this form away.
    await chat.rate(score, comment).catch(() => setState('failed'));
  }

  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset>
        <legend>{words.rate}</legend>
        {SCORES.map((value) => (
          <label key={value} class={value <= score ? 'on' : ''} title={words.scores[value - 1]}>
            <input
              type="radio"
              name="score"
              value={value}
              checked={value === score}
              onChange={() => setScore(value)}
            />
            <StarIcon />
            <span class="hidden">{words.scores[value - 1]}</span>
          </label>
        ))}
      </fieldset>
      {score > 0 && (
        <>
          <p class="word" aria-hidden="true">
            {words.scores[score - 1]}
          </p>
          <textarea
            rows={2}
            maxLength={1000}
            value={comment}
            aria-label={words.rateComment}
            placeholder={words.rateComment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          {state === 'failed' && (
            <p class="notice bad" role="alert">
              {words.rateFailed}
            </p>
          )}
          <button type="submit" class="primary" disabled={state === 'sending'}>
            {words.rateSend}
          </button>
        </>
      )}
    </form>
  );
}
