import type { SiteCard } from '@macaw/client';
import type { Chat } from './chat.ts';

/** The workbench shows what a manager is changing: its own page around this one tells the site, and nothing is sent. */
export function followPreview(chat: Chat, view: Window): void {
  view.addEventListener('message', (event) => {
    if (event.source !== view.parent || event.origin !== view.location.origin) return;
    const said = event.data as { macaw?: number; type?: string; site?: SiteCard } | null;
    if (said?.macaw === 1 && said.type === 'preview' && said.site) chat.show(said.site);
  });
  view.parent.postMessage({ macaw: 1, type: 'preview-ready' }, view.location.origin);
}
