import { render } from 'preact';
import { App } from './app.tsx';
import { Chat } from './chat.ts';
import { brandOf } from './colour.ts';
import { Context } from './context.ts';
import { connectHost } from './host.ts';
import { safeStorage } from './keep.ts';
import { followViewport } from './viewport.ts';
import { readWhere } from './where.ts';
import { wordsFor } from './words.ts';

const where = readWhere(location.pathname, location.search, navigator.languages);
const words = wordsFor(where.lang);
const storage = safeStorage(() => localStorage);
const chat = new Chat(where, storage, connectHost(where, window));

document.documentElement.lang = words.lang;
document.documentElement.classList.toggle('embedded', where.embedded);
followViewport(window);
let colour = '';
chat.subscribe(() => {
  const { site, unread } = chat.state;
  if (!site) return;
  const title = unread > 0 ? `(${unread}) ${site.title}` : site.title;
  if (document.title !== title) document.title = title;
  if (colour === site.colour) return;
  colour = site.colour;
  const { brand, onBrand, textLight, textDark } = brandOf(colour);
  const style = document.documentElement.style;
  style.setProperty('--brand', brand);
  style.setProperty('--on-brand', onBrand);
  style.setProperty('--brand-text-light', textLight);
  style.setProperty('--brand-text-dark', textDark);
});

const root = document.getElementById('app');
if (root) {
  render(
    <Context.Provider value={{ chat, words, where, storage }}>
      <App />
    </Context.Provider>,
    root,
  );
}
if (where.preview) void import('./preview.ts').then(({ followPreview }) => followPreview(chat, window));
else void chat.start();
