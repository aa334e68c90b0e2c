import { HttpError } from './http.ts';
import type { FileInfo } from './types.ts';

/** A file on its way into a message. */
export type Attachment = {
  key: number;
  name: string;
  size: number;
  /** A picture of the browser's own, to be looked at before it is sent. */
  preview?: string;
  state:
    | { at: 'uploading'; part: number }
    | { at: 'ready'; info: FileInfo }
    /** `code` of the server, or `network`; `limit` in bytes where the code speaks of one. */
    | { at: 'failed'; code: string; limit?: number };
};

export type TrayOptions = {
  upload: (
    file: Blob,
    name: string,
    onProgress: (part: number) => void,
    signal: AbortSignal,
  ) => Promise<FileInfo>;
  send: (info: FileInfo) => void;
  /** The longest file, in bytes, as far as it is known. */
  limit: () => number | undefined;
  onChange: (items: readonly Attachment[]) => void;
  /** Makes and frees an address for a picture. For tests. */
  urls?: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>;
};

type Held = { item: Attachment; file: Blob; abort: AbortController; isWanted: boolean };

const MOST = 10;
const SHOWN = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

/** The files of one composer: uploaded at once, sent when asked to, in the order they were chosen. */
export class Tray {
  private held: Held[] = [];
  private next = 0;

  constructor(private readonly options: TrayOptions) {}

  list(): readonly Attachment[] {
    return this.held.map((h) => h.item);
  }

  /** Starts their uploads. Answers how many there was no room for. */
  add(files: Iterable<File>): number {
    const all = [...files];
    const taken = all.slice(0, Math.max(0, MOST - this.held.length));
    for (const file of taken) {
      const preview = SHOWN.test(file.type) ? this.urls().createObjectURL(file) : undefined;
      const { name, size } = file;
      const item: Attachment = {
        key: this.next++,
        name,
        size,
        preview,
        state: { at: 'uploading', part: 0 },
      };
      const held = { item, file, abort: new AbortController(), isWanted: false };
      this.held.push(held);
      void this.start(held);
    }
    if (taken.length > 0) this.changed();
    return all.length - taken.length;
  }

  /** Stops the upload, or takes back what was not sent. */
  remove(key: number): void {
    const held = this.find(key);
    if (!held) return;
    this.drop(held);
    held.abort.abort();
    this.changed();
  }

  retry(key: number): void {
    const held = this.find(key);
    if (held?.item.state.at !== 'failed') return;
    held.abort = new AbortController();
    void this.start(held);
  }

  /** Sends what is ready now; what is still on its way follows when it is there. False: nothing to send. */
  submit(): boolean {
    const wanted = this.held.filter((h) => h.item.state.at !== 'failed');
    for (const held of wanted) held.isWanted = true;
    this.flush();
    return wanted.length > 0;
  }

  /** Stops everything. */
  clear(): void {
    for (const { item } of [...this.held]) this.remove(item.key);
  }

  private async start(held: Held): Promise<void> {
    const limit = this.options.limit();
    const { signal } = held.abort;
    if (held.file.size === 0) return this.set(held, { at: 'failed', code: 'empty' });
    if (limit !== undefined && held.file.size > limit)
      return this.set(held, { at: 'failed', code: 'too_large', limit });
    this.set(held, { at: 'uploading', part: 0 });
    try {
      const onProgress = (part: number) => this.set(held, { at: 'uploading', part }, signal);
      const info = await this.options.upload(held.file, held.item.name, onProgress, signal);
      this.set(held, { at: 'ready', info }, signal);
      this.flush();
    } catch (error) {
      const problem = error instanceof HttpError ? error.problem : undefined;
      held.isWanted = false;
      this.set(held, { at: 'failed', code: problem?.code ?? 'network', limit: problem?.limit }, signal);
      this.flush();
    }
  }

  /** In order: one that is ready waits for those before it that are wanted and still on their way. */
  private flush(): void {
    for (const held of [...this.held]) {
      if (!held.isWanted) continue;
      if (held.item.state.at !== 'ready') return;
      this.drop(held);
      this.options.send(held.item.state.info);
      this.changed();
    }
  }

  private set(held: Held, state: Attachment['state'], signal?: AbortSignal): void {
    if (signal?.aborted || !this.held.includes(held)) return;
    held.item = { ...held.item, state };
    this.changed();
  }

  private drop(held: Held): void {
    this.held = this.held.filter((h) => h !== held);
    if (held.item.preview) this.urls().revokeObjectURL(held.item.preview);
  }

  private find(key: number): Held | undefined {
    return this.held.find((h) => h.item.key === key);
  }

  private urls() {
    return this.options.urls ?? URL;
  }

  private changed(): void {
    this.options.onChange(this.list());
  }
}

/** `1.4 MB`, in the units that people know from their files. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const kilo = bytes / 1024;
  if (kilo < 1000) return `${Math.max(1, Math.round(kilo))} KB`;
  const mega = kilo / 1024;
  if (mega < 1000) return `${mega < 10 ? Math.round(mega * 10) / 10 : Math.round(mega)} MB`;
  return `${Math.round((mega / 1024) * 10) / 10} GB`;
}

/** The files of a paste or a drop. A paste from an office program carries a picture of its text: the text wins. */
export function filesOf(data: DataTransfer | null): File[] {
  if (!data || data.files.length === 0) return [];
  const hasText = data.types.includes('text/plain') || data.types.includes('text/html');
  const pasted = [...data.files];
  return hasText && pasted.every((f) => f.type.startsWith('image/')) && data.types.includes('text/rtf')
    ? []
    : pasted;
}
