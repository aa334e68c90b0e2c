import { expect, it } from 'vitest';
import { HttpError, upload } from '../src/index.ts';

class FakeRequest {
  headers: Record<string, string> = {};
  opened = '';
  body: unknown = null;
  status = 0;
  responseText = '';
  timeout = 0;
  upload: { onprogress: ((event: ProgressEvent) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  ontimeout: (() => void) | null = null;
  open(method: string, url: string) {
    this.opened = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(body: unknown) {
    this.body = body;
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, text: string) {
    this.status = status;
    this.responseText = text;
    this.onload?.();
  }
}

function begin(signal?: AbortSignal) {
  const request = new FakeRequest();
  const parts: number[] = [];
  const file = new Blob(['hello']);
  const done = upload(file, {
    path: '/api/v1/visitor/files',
    name: '发票 1.pdf',
    token: 'T',
    signal,
    onProgress: (part) => parts.push(part),
    open: () => request as unknown as XMLHttpRequest,
  });
  return { request, done, parts, file };
}

const problemOf = (done: Promise<unknown>) =>
  done.then(
    () => null,
    (error) => (error instanceof HttpError ? error.problem : null),
  );

it('sends the bytes as they are and tells how far it has come', async () => {
  const { request, done, parts, file } = begin();
  expect(request.opened).toBe('POST /api/v1/visitor/files?name=%E5%8F%91%E7%A5%A8%201.pdf');
  expect(request.headers).toMatchObject({ Authorization: 'Bearer T', 'X-Macaw': '1' });
  expect(request.body).toBe(file);
  request.upload.onprogress?.({ lengthComputable: true, loaded: 2, total: 5 } as ProgressEvent);
  request.answer(201, '{"id":"f","name":"a","size":5,"type":"application/pdf"}');
  expect((await done).id).toBe('f');
  expect(parts).toEqual([0.4]);
});

it('passes the words of a refusal on, and has its own when there are none', async () => {
  const refused = begin();
  refused.request.answer(413, '{"status":413,"code":"too_large","limit":20}');
  expect(await problemOf(refused.done)).toMatchObject({ code: 'too_large', limit: 20 });
  const proxy = begin();
  proxy.request.answer(502, '<html>');
  expect(await problemOf(proxy.done)).toMatchObject({ status: 502, code: 'http_502' });
  const lost = begin();
  lost.request.onerror?.();
  expect(await problemOf(lost.done)).toMatchObject({ status: 0, code: 'network' });
});

it('can be cancelled on its way and before it began', async () => {
  const abort = new AbortController();
  const { done } = begin(abort.signal);
  abort.abort();
  expect(await problemOf(done)).toMatchObject({ code: 'cancelled' });
  const late = begin(abort.signal);
  expect(late.request.body).toBeNull();
  expect(await problemOf(late.done)).toMatchObject({ code: 'cancelled' });
});
