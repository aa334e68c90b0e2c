import { type Attachment, filesOf, sizeText } from '@macaw/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useChatState, usePanel } from '../context.ts';
import type { Words } from '../words.ts';
import { ClipIcon, FileIcon, RetryIcon, XIcon } from './icons.tsx';

/** Chooses files; on a phone also takes a photo. */
export function AttachButton({ disabled }: { disabled: boolean }) {
  const { chat, words } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="attach"
        disabled={disabled}
        aria-label={words.attach}
        title={words.attach}
        onClick={() => input.current?.click()}
      >
        <ClipIcon />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        // A hint that offers the camera on phones; anything may be chosen, the server looks at what it is.
        accept="image/*,application/pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.zip,*/*"
        onChange={(event) => {
          chat.attach(event.currentTarget.files ?? []);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** What is on its way, above the text. */
export function TrayList() {
  const { words } = usePanel();
  const { attachments, attachNote } = useChatState();
  return (
    <>
      {attachNote && (
        <p class="notice bad" role="alert">
          {words.tooMany}
        </p>
      )}
      {attachments.length > 0 && (
        <ul class="tray" aria-label={words.attachments}>
          {attachments.map((item) => (
            <Item key={item.key} item={item} />
          ))}
        </ul>
      )}
    </>
  );
}

function Item({ item }: { item: Attachment }) {
  const { chat, words } = usePanel();
  const { state } = item;
  const part = state.at === 'uploading' ? state.part : 1;
  return (
    <li class={`item is-${state.at}`}>
      {item.preview ? <img src={item.preview} alt="" /> : <FileIcon />}
      <span class="about">
        <b>{item.name}</b>
        {state.at === 'failed' ? (
          <small role="alert">{whyNot(state.code, state.limit, words)}</small>
        ) : (
          <small>{state.at === 'ready' ? words.ready(sizeText(item.size)) : sizeText(item.size)}</small>
        )}
        {state.at === 'uploading' && (
          <progress value={part} max={1} aria-label={words.uploading(item.name)}>
            {Math.round(part * 100)}%
          </progress>
        )}
      </span>
      {state.at === 'failed' && !isFinal(state.code) && (
        <button
          type="button"
          aria-label={words.retryFile(item.name)}
          onClick={() => chat.tray.retry(item.key)}
        >
          <RetryIcon />
        </button>
      )}
      <button
        type="button"
        aria-label={words.removeFile(item.name)}
        onClick={() => chat.tray.remove(item.key)}
      >
        <XIcon />
      </button>
    </li>
  );
}

/** Files are taken wherever they are dropped on the panel. */
export function DropZone() {
  const { chat, words } = usePanel();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => !event.relatedTarget && setOver(false);
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      chat.attach(event.dataTransfer?.files ?? []);
    };
    addEventListener('dragover', onOver);
    addEventListener('dragleave', onLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragover', onOver);
      removeEventListener('dragleave', onLeave);
      removeEventListener('drop', onDrop);
    };
  }, [chat]);
  return isOver ? (
    <div class="drop" aria-hidden="true">
      <ClipIcon />
      {words.dropHere}
    </div>
  ) : null;
}

/** Takes the files of a paste; true when there were any. */
export function pasted(event: ClipboardEvent, attach: (files: Iterable<File>) => void): boolean {
  const files = filesOf(event.clipboardData);
  if (files.length === 0) return false;
  event.preventDefault();
  attach(files);
  return true;
}

/** Trying again would end the same way. */
function isFinal(code: string): boolean {
  return ['too_large', 'empty', 'type_not_allowed', 'invalid'].includes(code);
}

function whyNot(code: string, limit: number | undefined, words: Words): string {
  switch (code) {
    case 'too_large':
      return words.fileTooLarge(limit ? sizeText(limit) : '');
    case 'empty':
      return words.fileEmpty;
    case 'type_not_allowed':
      return words.fileType;
    case 'invalid':
      return words.fileDamaged;
    case 'quota_exceeded':
    case 'storage_full':
      return words.fileNoRoom;
    case 'rate_limited':
      return words.fileTooMany;
    default:
      return words.fileFailed;
  }
}
