import { type Http, HttpError, type StorageLike, type VisitorSession } from '@macaw/client';

const RENEW_MS = 7 * 24 * 3600 * 1000;

/** The visitor's identity at one site, shared by the tabs of a browser. */
export class Identity {
  private session: VisitorSession | null;

  constructor(
    private readonly site: string,
    private readonly storage: StorageLike,
    private readonly http: Pick<Http, 'post'>,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.session = this.stored();
  }

  current(): VisitorSession | null {
    return this.session;
  }

  /** A session that is good for a while; asks for one when there is none or it ends within 7 days. */
  async ensure(): Promise<VisitorSession> {
    this.session = this.stored() ?? this.session;
    if (this.session && this.session.expires_at - this.now() > RENEW_MS) return this.session;
    return this.alone(async () => {
      // Another tab may have been first.
      const other = this.stored();
      if (other && other.expires_at - this.now() > RENEW_MS) {
        this.session = other;
        return other;
      }
      return this.ask();
    });
  }

  /** After a refusal (401, 4004): a new session in exchange for the old token. */
  async renew(): Promise<VisitorSession> {
    return this.alone(async () => {
      const other = this.stored();
      if (other && this.session && other.token !== this.session.token) {
        this.session = other;
        return other;
      }
      return this.ask();
    });
  }

  /** The session of the customer whom the page vouches for; what this device said before goes along. */
  async identify(identity: string): Promise<VisitorSession> {
    return this.alone(async () => {
      const token = (this.stored() ?? this.session)?.token;
      const body = { site: this.site, identity };
      return this.keep(await this.http.post('/api/v1/visitor/session', token ? { ...body, token } : body));
    });
  }

  /** The customer has left: this device is somebody new. */
  async forget(): Promise<VisitorSession> {
    return this.alone(async () => {
      this.session = null;
      this.storage.removeItem(this.key);
      return this.keep(await this.post());
    });
  }

  private keep(fresh: VisitorSession): VisitorSession {
    this.session = fresh;
    this.storage.setItem(this.key, JSON.stringify(fresh));
    return fresh;
  }

  private async ask(): Promise<VisitorSession> {
    const token = this.session?.token;
    let fresh: VisitorSession;
    try {
      fresh = await this.post(token);
    } catch (error) {
      // An old token that cannot be exchanged any more: start anew. Anything else is not the token's fault.
      const status = error instanceof HttpError ? error.problem.status : 0;
      if (!token || ![400, 401, 403, 422].includes(status)) throw error;
      fresh = await this.post();
    }
    return this.keep(fresh);
  }

  private post(token?: string): Promise<VisitorSession> {
    const body = token ? { site: this.site, token } : { site: this.site };
    return this.http.post<VisitorSession>('/api/v1/visitor/session', body);
  }

  private get key(): string {
    return `macaw:${this.site}:token`;
  }

  private stored(): VisitorSession | null {
    try {
      const value = JSON.parse(this.storage.getItem(this.key) ?? 'null') as Partial<VisitorSession> | null;
      return value?.token && value.conversation && value.visitor && value.expires_at
        ? (value as VisitorSession)
        : null;
    } catch {
      return null;
    }
  }

  // Two tabs opened together must not become two visitors.
  private alone<T>(run: () => Promise<T>): Promise<T> {
    return typeof navigator !== 'undefined' && navigator.locks
      ? (navigator.locks.request(`macaw:${this.site}`, run) as Promise<T>)
      : run();
  }
}
