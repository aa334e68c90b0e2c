import type { Problem } from './types.ts';

/** An HTTP call that did not succeed. `problem.code` is stable; `problem.status` 0 means no answer came. */
export class HttpError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'HttpError';
  }
}

export type HttpOptions = {
  /** '' for the page's own origin. */
  origin?: string;
  token?: () => string | null;
  fetch?: typeof fetch;
  timeoutMs?: number;
  /** `no-cache` asks the server even while a stored answer is fresh. */
  cache?: RequestCache;
};

export type Http = {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
  put<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
  delete<T>(path: string, signal?: AbortSignal): Promise<T>;
  /** A body that is not JSON, as its own type. */
  upload<T>(path: string, body: string | Blob, type: string, signal?: AbortSignal): Promise<T>;
  /** An answer that is not JSON, as text. */
  text(path: string, signal?: AbortSignal): Promise<string>;
};

type Body = { type: string; data: string | Blob };

const JSON_TYPE = 'application/json';
// A large body on a slow line is no silence.
const UPLOAD_FACTOR = 4;

export function createHttp(options: HttpOptions = {}): Http {
  const { origin = '', timeoutMs = 15_000 } = options;

  async function ask<T>(
    read: (response: Response) => Promise<T>,
    method: string,
    path: string,
    body?: Body,
    signal?: AbortSignal,
  ): Promise<T> {
    const headers: Record<string, string> = { Accept: 'application/json', 'X-Macaw': '1' };
    if (body) headers['Content-Type'] = body.type;
    const token = options.token?.();
    if (token) headers.Authorization = `Bearer ${token}`;
    const abort = new AbortController();
    const isUpload = body !== undefined && body.type !== JSON_TYPE;
    const timer = setTimeout(() => abort.abort(), isUpload ? timeoutMs * UPLOAD_FACTOR : timeoutMs);
    const forward = () => abort.abort();
    signal?.addEventListener('abort', forward, { once: true });
    if (signal?.aborted) abort.abort();
    try {
      const response = await (options.fetch ?? fetch)(origin + path, {
        method,
        headers,
        body: body ? body.data : null,
        credentials: token ? 'omit' : 'same-origin',
        signal: abort.signal,
        ...(options.cache && { cache: options.cache }),
      });
      if (!response.ok) throw new HttpError(await problemOf(response));
      return await read(response);
    } catch (error) {
      if (error instanceof HttpError) throw error;
      throw new HttpError(noAnswer(error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    }
  }

  const json = (body: unknown): Body | undefined =>
    body === undefined ? undefined : { type: JSON_TYPE, data: JSON.stringify(body) };

  function call<T>(method: string, path: string, body?: Body, signal?: AbortSignal): Promise<T> {
    return ask<T>(jsonOf, method, path, body, signal);
  }

  return {
    get: (path, signal) => call('GET', path, undefined, signal),
    post: (path, body, signal) => call('POST', path, json(body), signal),
    put: (path, body, signal) => call('PUT', path, json(body), signal),
    delete: (path, signal) => call('DELETE', path, undefined, signal),
    upload: (path, data, type, signal) => call('POST', path, { type, data }, signal),
    text: (path, signal) => ask((response) => response.text(), 'GET', path, undefined, signal),
  };
}

async function jsonOf<T>(response: Response): Promise<T> {
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function problemOf(response: Response): Promise<Problem> {
  const known: Problem = {
    type: 'about:blank',
    title: response.statusText || 'Error',
    status: response.status,
    code: `http_${response.status}`,
  };
  const wait = Number(response.headers.get('Retry-After'));
  if (wait > 0) known.retry_after_ms = wait * 1000;
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? { ...known, ...(body as Partial<Problem>) } : known;
  } catch {
    return known;
  }
}

function noAnswer(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  return { type: 'about:blank', title: 'No answer', status: 0, code: 'network', detail };
}
