import { afterEach, vi } from 'vitest';
import { type Component, createApp, nextTick, type Plugin } from 'vue';

type Answer = { status?: number; body?: unknown };
type Call = { method: string; path: string; body: unknown };

const leave: (() => void)[] = [];
afterEach(() => {
  for (const run of leave.splice(0)) run();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  document.body.replaceChildren();
});

/** Shows a component as the page does. */
export function mount(
  component: Component,
  props: Record<string, unknown>,
  ...plugins: Plugin[]
): HTMLElement {
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp(component, props);
  for (const plugin of plugins) app.use(plugin);
  app.mount(root);
  leave.push(() => app.unmount());
  return root;
}

/** A server that answers from a table of `METHOD path`; whatever else is asked is a fault of the test. */
export function answering(table: Record<string, (body: unknown) => Answer>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const { method = 'GET', body } = init;
    const sent: unknown = typeof body === 'string' && body.startsWith('{') ? JSON.parse(body) : body;
    calls.push({ method, path: url, body: sent });
    const known = table[`${method} ${url.split('?')[0]}`];
    if (!known) throw new Error(`nobody answers ${method} ${url}`);
    const { status = 200, body: answer } = known(sent);
    if (status === 204) return new Response(null, { status });
    return typeof answer === 'string'
      ? new Response(answer, { status })
      : Response.json(answer ?? {}, { status });
  });
  return calls;
}

export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await nextTick();
}

export async function fill(box: Element | null | undefined, text: string): Promise<void> {
  if (!(box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement))
    throw new Error('no box to fill');
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await nextTick();
}

/** The button or link that says `text`. */
export function button(text: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>('button, a')].find(
    (b) => b.textContent?.trim() === text || b.getAttribute('aria-label') === text,
  );
  if (!found) throw new Error(`no button says ${text}: ${document.body.textContent}`);
  return found;
}

/** The field with this label. */
export function field(label: string): HTMLInputElement | HTMLTextAreaElement {
  const found = [...document.querySelectorAll('label')].find((l) => l.textContent?.trim() === label);
  const box = found && document.getElementById(found.htmlFor);
  if (!box) throw new Error(`no field is called ${label}`);
  return box as HTMLInputElement;
}
