type Fetch = (path: string) => Promise<Blob>;

/** More would hold too much memory; the oldest are fetched again when they are looked at. */
const MOST = 60;

/** Files of the conversation under addresses of this page: a visitor's token cannot be in an address. */
export class FileUrls {
  private readonly known = new Map<string, Promise<string>>();

  constructor(
    private readonly fetch: Fetch,
    private readonly urls: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'> = URL,
  ) {}

  of(id: string, isThumb: boolean): Promise<string> {
    const path = `/api/v1/visitor/files/${encodeURIComponent(id)}${isThumb ? '?thumb=1' : ''}`;
    const held = this.known.get(path);
    if (held) return held;
    const url = this.fetch(path).then((blob) => this.urls.createObjectURL(blob));
    this.known.set(path, url);
    // What failed is asked for again.
    url.catch(() => this.known.delete(path));
    this.forget();
    return url;
  }

  private forget(): void {
    for (const [path, url] of this.known) {
      if (this.known.size <= MOST) return;
      this.known.delete(path);
      url.then(
        (gone) => this.urls.revokeObjectURL(gone),
        () => {},
      );
    }
  }
}
