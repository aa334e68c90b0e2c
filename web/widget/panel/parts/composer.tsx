import type { TargetedEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useChatState, usePanel } from '../context.ts';
import { BellIcon, SendIcon } from './icons.tsx';
import { QuoteBar } from './quote.tsx';
import { AttachButton, pasted, TrayList } from './tray.tsx';

const MAX_BYTES = 16 * 1024;
const MOST_PX = 132;
// The last keys of a burst are said too, once the limit of the client allows.
const TRAILING_MS = 750;

export function Composer() {
  const { chat, words, where, storage } = usePanel();
  const { phase, site, link, attachments, quiet } = useChatState();
  const key = `macaw:${where.site}:draft`;
  const [text, setText] = useState(() => storage.getItem(key) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  // What is in the box now: an effect of an older text must not tell a preview of what was just sent.
  const latest = useRef(text);
  const isTooLong = text.length > MAX_BYTES / 4 && new TextEncoder().encode(text).length > MAX_BYTES;
  const isStopped = link.at === 'stopped' && link.why !== 'asked';
  const isReady = phase.at === 'ready' && !isStopped;
  const hasFiles = attachments.some((a) => a.state.at !== 'failed');
  // Words are kept until the session is there; a file can only be sent with it.
  const canSend = !isStopped && (text.trim() !== '' || (isReady && hasFiles)) && !isTooLong;

  useEffect(() => {
    if (text) storage.setItem(key, text);
    else storage.removeItem(key);
  }, [text, key, storage]);

  useEffect(() => {
    if (!text || !isReady) return;
    const say = () => latest.current === text && chat.typing(text);
    say();
    const timer = setTimeout(say, TRAILING_MS);
    return () => clearTimeout(timer);
  }, [text, isReady, chat]);

  // On a phone a focus would open the keyboard over the greeting.
  useEffect(() => {
    const focus = () => matchMedia('(pointer:fine)').matches && area.current?.focus();
    chat.onShown(focus);
    if (!where.embedded) focus();
  }, [chat, where]);

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, MOST_PX)}px`;
    box.style.overflowY = box.scrollHeight > MOST_PX ? 'auto' : 'hidden';
  }, [text]);

  function send() {
    if (!canSend) return;
    if (isReady) chat.tray.submit();
    if (text.trim()) chat.send(text.trim());
    latest.current = '';
    setText('');
    area.current?.focus();
  }

  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // 229: an input method is at work; its Enter chooses a word. Safari says so only here.
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  }

  return (
    <footer class="foot">
      {site?.typing_preview && <p class="notice">{words.preview}</p>}
      {isTooLong && (
        <p class="notice bad" role="alert">
          {words.tooLong}
        </p>
      )}
      <QuoteBar />
      <TrayList />
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <AttachButton disabled={!isReady} />
        <textarea
          ref={area}
          rows={1}
          value={text}
          placeholder={words.placeholder}
          aria-label={words.message}
          enterkeyhint="send"
          disabled={isStopped}
          onInput={(event: TargetedEvent<HTMLTextAreaElement>) => {
            latest.current = event.currentTarget.value;
            setText(event.currentTarget.value);
          }}
          onKeyDown={onKey}
          onPaste={(event) => pasted(event, chat.attach)}
        />
        <button type="submit" class="send" disabled={!canSend} aria-label={words.send}>
          <SendIcon />
        </button>
      </form>
      <p class="powered">
        {site?.powered !== false && <span>{words.powered}</span>}
        <button
          type="button"
          aria-pressed={!quiet}
          aria-label={words.sound}
          title={words.sound}
          onClick={() => chat.setQuiet(!quiet)}
        >
          <BellIcon off={quiet} />
        </button>
      </p>
    </footer>
  );
}
