import { expect, it } from 'vitest';
import { createHttp, HttpError, uuidv7 } from '../src/index.ts';

function answering(response: () => Response) {
  const calls: [string, RequestInit][] = [];
  const http = createHttp({
    token: () => 'T',
    fetch: (url, init) => {
      calls.push([String(url), init ?? {}]);
      return Promise.resolve(response());
    },
  });
  return { http, calls };
}

it('carries X-Macaw and the token', async () => {
  const { http, calls } = answering(() => Response.json({ ok: 1 }));
  expect(await http.post('/x', { a: 1 })).toEqual({ ok: 1 });
  expect(calls[0]?.[1]).toMatchObject({
    method: 'POST',
    body: '{"a":1}',
    headers: { 'X-Macaw': '1', Authorization: 'Bearer T' },
  });
});

it('turns problem details into an error', async () => {
  const { http } = answering(() =>
    Response.json({ title: 'No', status: 409, code: 'version_conflict' }, { status: 409 }),
  );
  const error = await http.get('/x').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(HttpError);
  expect((error as HttpError).problem).toMatchObject({ status: 409, code: 'version_conflict' });
});

it('survives an error that is not JSON, and answers nothing for 204', async () => {
  const bad = answering(() => new Response('<html>', { status: 502 }));
  const error = await bad.http.get('/x').catch((e: unknown) => e);
  expect((error as HttpError).problem.code).toBe('http_502');
  const none = answering(() => new Response(null, { status: 204 }));
  expect(await none.http.delete('/x')).toBeUndefined();
});

it('sends a table as it is, and reads one as text', async () => {
  const sent = answering(() => Response.json({ added: 1 }));
  expect(await sent.http.upload('/x', 'a,b', 'text/csv')).toEqual({ added: 1 });
  expect(sent.calls[0]?.[1]).toMatchObject({
    method: 'POST',
    body: 'a,b',
    headers: { 'Content-Type': 'text/csv', 'X-Macaw': '1' },
  });
  const read = answering(() => new Response('a,b\n'));
  expect(await read.http.text('/x')).toBe('a,b\n');
});

it('calls a failed network status 0', async () => {
  const http = createHttp({ fetch: () => Promise.reject(new TypeError('offline')) });
  const error = await http.get('/x').catch((e: unknown) => e);
  expect((error as HttpError).problem).toMatchObject({ status: 0, code: 'network' });
});

it('makes sortable UUIDv7', () => {
  const a = uuidv7(1_700_000_000_000);
  const b = uuidv7(1_700_000_000_001);
  expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(a < b).toBe(true);
});
