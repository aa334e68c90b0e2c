import { type FileInfo, sizeText } from '@macaw/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePanel } from '../context.ts';
import { FileIcon, XIcon } from './icons.tsx';

/** A file of a message: a picture to look at, or a card to save. */
export function AttachmentView({ file }: { file: FileInfo }) {
  return file.width && file.height ? <Picture file={file} /> : <Card file={file} />;
}

function Card({ file }: { file: FileInfo }) {
  const { words } = usePanel();
  const { save, state } = useSave(file);
  return (
    <button type="button" class="file" aria-busy={state === 'busy'} onClick={() => void save()}>
      <FileIcon />
      <span class="hidden">{words.save}</span>
      <span>
        {file.name || words.file} <small>{state === 'failed' ? words.fileLost : sizeText(file.size)}</small>
      </span>
    </button>
  );
}

function Picture({ file }: { file: FileInfo }) {
  const { chat, words } = usePanel();
  const box = useRef<HTMLButtonElement>(null);
  const [src, setSrc] = useState('');
  const [isLost, setLost] = useState(false);
  const [isOpen, setOpen] = useState(false);

  // A long history loads what is looked at.
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    let isHere = true;
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      seen.disconnect();
      chat.file(file.id, true).then(
        (url) => isHere && setSrc(url),
        () => isHere && setLost(true),
      );
    });
    seen.observe(at);
    return () => {
      isHere = false;
      seen.disconnect();
    };
  }, [chat, file.id]);

  if (isLost) return <Card file={file} />;
  return (
    <>
      <button
        type="button"
        ref={box}
        class="picture"
        style={boxOf(file)}
        aria-label={words.openPicture(file.name)}
        onClick={() => setOpen(true)}
      >
        {src && <img src={src} alt="" />}
      </button>
      {isOpen && <Lightbox file={file} thumb={src} onClose={() => setOpen(false)} />}
    </>
  );
}

const MOST_WIDE_PX = 254;
const MOST_HIGH_PX = 320;

/** The size is known before the picture is there, so that nothing jumps when it comes. */
function boxOf({ width = 1, height = 1 }: FileInfo) {
  const wide = Math.min(width, MOST_WIDE_PX, (MOST_HIGH_PX * width) / height);
  return { aspectRatio: `${width} / ${height}`, width: `${Math.round(wide)}px` };
}

function Lightbox({ file, thumb, onClose }: { file: FileInfo; thumb: string; onClose: () => void }) {
  const { chat, words } = usePanel();
  const dialog = useRef<HTMLDialogElement>(null);
  const [src, setSrc] = useState(thumb);
  const { save, state } = useSave(file);
  useEffect(() => {
    dialog.current?.showModal();
    let isHere = true;
    chat.file(file.id).then(
      (url) => isHere && setSrc(url),
      () => {},
    );
    return () => {
      isHere = false;
    };
  }, [chat, file.id]);
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={file.name}
      onClose={onClose}
      // Escape closes the picture, not the panel around it.
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      {src && <img src={src} alt={file.name} />}
      <footer>
        <span>{file.name}</span>
        <button type="button" aria-busy={state === 'busy'} onClick={() => void save()}>
          {state === 'failed' ? words.fileLost : words.save}
        </button>
        <button type="button" class="shut" aria-label={words.shut} onClick={() => dialog.current?.close()}>
          <XIcon />
        </button>
      </footer>
    </dialog>
  );
}

/** The browser gets no link that works: a visitor's token travels in a header, never in an address. */
function useSave(file: FileInfo) {
  const { chat } = usePanel();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  async function save() {
    if (state === 'busy') return;
    setState('busy');
    try {
      const link = document.createElement('a');
      link.href = await chat.file(file.id);
      link.download = file.name;
      link.click();
      setState('idle');
    } catch {
      setState('failed');
    }
  }
  return { save, state };
}
