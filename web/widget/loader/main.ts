import { createWidget, type Widget } from './widget.ts';

type Call = [name: string, ...rest: unknown[]];
type Api = ((...call: Call) => void) & { q?: Call[] };

declare global {
  interface Window {
    macaw?: Api;
  }
}

// currentScript is only there while the script runs: read it before anything else.
const script = document.currentScript ?? document.querySelector('script[data-site][src*="/widget.js"]');

/** Nothing may ever be thrown into the host page. */
function guarded(run: () => void) {
  try {
    run();
  } catch (error) {
    try {
      console.warn('[macaw]', error);
    } catch {
      // A page without a console.
    }
  }
}

function start() {
  const before = window.macaw;
  const site = script?.getAttribute('data-site');
  if (!site || !(script instanceof HTMLScriptElement) || document.getElementById('macaw-widget')) return;
  const widget = createWidget(new URL(script.src).origin, site, script.getAttribute('data-identity'));
  const api: Api = (...call) => guarded(() => run(widget, call));
  window.macaw = api;
  for (const call of before?.q ?? []) api(...call);
}

function run(widget: Widget, [name, ...rest]: Call) {
  if (name === 'open' || name === 'close' || name === 'toggle') widget[name]();
  else if (name === 'on') widget.on(rest[0] as 'open', rest[1] as () => void);
  else if (name === 'identify') widget.identify(rest[0] as string | null);
  else console.warn(`[macaw] unknown call ${name}`);
}

guarded(() => {
  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', () => guarded(start));
});
