import { createHttp, type Http, type SiteCard } from '@macaw/client';

const APART_MS = 5000;

/** Reads the site again while the panel is open: who is online changes. At most once in five seconds. */
export class SiteNews {
  private at = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly path: string,
    private readonly tell: (site: SiteCard) => void,
    // Past the minute for which the loader's copy may be stored.
    private readonly http: Pick<Http, 'get'> = createHttp({ cache: 'no-cache' }),
    private readonly now: () => number = () => Date.now(),
  ) {}

  refresh(): void {
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.at + APART_MS - this.now());
    this.timer = setTimeout(() => void this.read(), wait);
  }

  private async read(): Promise<void> {
    this.timer = undefined;
    this.at = this.now();
    try {
      this.tell(await this.http.get<SiteCard>(this.path));
    } catch {
      // What was known stays; the next look asks again.
    }
  }
}
