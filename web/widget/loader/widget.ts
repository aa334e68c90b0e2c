import { type Card, fetchCard } from './card.ts';
import { type FromLoader, type FromPanel, isEnvelope } from './envelope.ts';
import { birdIcon, closeIcon } from './icon.ts';
import { applyStyle } from './style.ts';
import { callFor } from './title.ts';

type EventName = 'ready' | 'open' | 'close' | 'unread' | 'identity';
type Listener = (value?: number | string) => void;

export type Widget = {
  open(): void;
  close(): void;
  toggle(): void;
  identify(identity: string | null): void;
  on(name: EventName, listener: Listener): void;
};

const words = /^zh/i.test(navigator.language)
  ? {
      open: '打开在线客服',
      close: '收起在线客服',
      title: '在线客服',
      unread: (n: number) => `，${n} 条未读`,
      news: (n: number) => `【${n} 条新消息】`,
    }
  : {
      open: 'Open chat',
      close: 'Close chat',
      title: 'Chat',
      unread: (n: number) => `, ${n} unread`,
      news: (n: number) => `(${n}) New message`,
    };

/** The launcher and, from the first click on, the panel's iframe. */
export function createWidget(origin: string, site: string, vouched?: string | null): Widget {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const box = document.createElement('div');
  const button = document.createElement('button');
  const badge = document.createElement('span');
  const listeners: [EventName, Listener][] = [];
  let frame: HTMLDivElement | null = null;
  let iframe: HTMLIFrameElement | null = null;
  let card: Card = { title: '', colour: '', corner: 'right' };
  let isOpen = false;
  let isReady = false;
  let unread = 0;
  /** Told once the panel is there; undefined: the page says nothing. */
  let identity: string | null | undefined = vouched ?? undefined;
  let oldOverflow: string | null = null;
  let returnFocus: Element | null = null;

  applyStyle(root);
  host.id = 'macaw-widget';
  button.type = 'button';
  button.className = 'launch';
  button.setAttribute('aria-haspopup', 'dialog');
  badge.className = 'badge';
  badge.hidden = true;
  badge.setAttribute('aria-hidden', 'true');
  button.append(birdIcon(42), closeIcon(), badge);
  button.addEventListener('click', () => toggle());
  box.append(button);
  root.append(box);
  label();

  window.addEventListener('message', receive);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && isOpen && close());
  window.visualViewport?.addEventListener('resize', fit);
  window.visualViewport?.addEventListener('scroll', fit);
  void show();

  async function show() {
    const answer = await fetchCard(origin, site);
    if (answer.at === 'refused') return console.warn(`[macaw] site ${site} is not known at ${origin}`);
    if (answer.at === 'known') card = answer.card;
    if (card.colour) host.style.setProperty('--brand', card.colour);
    host.classList.toggle('left', card.corner === 'left');
    document.body.append(host);
    // A visitor who has talked before may have an answer waiting.
    if (remembered()) idle(() => makeFrame());
  }

  function makeFrame() {
    if (frame) return;
    frame = document.createElement('div');
    frame.className = 'frame';
    frame.setAttribute('role', 'dialog');
    frame.setAttribute('aria-label', card.title || words.title);
    iframe = document.createElement('iframe');
    iframe.title = card.title || words.title;
    iframe.allow = 'clipboard-write';
    iframe.src = `${origin}/chat/${encodeURIComponent(site)}?embed=1&host=${encodeURIComponent(location.origin)}`;
    frame.append(iframe);
    box.prepend(frame);
    // The start of the opening motion must be drawn once.
    void frame.offsetWidth;
  }

  function open() {
    if (isOpen) return;
    makeFrame();
    isOpen = true;
    returnFocus = document.activeElement;
    box.className = 'open';
    if (isSmall()) {
      oldOverflow = document.documentElement.style.overflow;
      document.documentElement.style.overflow = 'hidden';
    }
    fit();
    label();
    iframe?.focus();
    say({ type: 'shown' });
    emit('open');
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    box.className = '';
    if (oldOverflow !== null) document.documentElement.style.overflow = oldOverflow;
    oldOverflow = null;
    label();
    say({ type: 'hidden' });
    if (returnFocus instanceof HTMLElement && returnFocus !== document.body && returnFocus !== host)
      returnFocus.focus();
    else button.focus();
    emit('close');
  }

  function toggle() {
    if (isOpen) close();
    else open();
  }

  function receive(event: MessageEvent) {
    if (event.origin !== origin || !iframe || event.source !== iframe.contentWindow) return;
    if (!isEnvelope<FromPanel>(event.data, site)) return;
    const said = event.data;
    if (said.type === 'ready') {
      isReady = true;
      if (identity !== undefined) identify(identity);
      say({ type: isOpen ? 'shown' : 'hidden' });
      emit('ready');
    } else if (said.type === 'close') close();
    else if (said.type === 'talked') remember();
    else if (said.type === 'unread') setUnread(said.count);
    else if (said.type === 'identity') emit('identity', said.code);
  }

  function say(said: FromLoader) {
    if (isReady) iframe?.contentWindow?.postMessage({ ...said, macaw: 1, site }, origin);
  }

  function identify(next: string | null) {
    identity = next;
    // Nobody any more: a panel that is not loaded yet must forget, too.
    if (next === null) makeFrame();
    say({ type: 'identify', identity: next });
  }

  function setUnread(count: number) {
    if (typeof count !== 'number' || count === unread) return;
    unread = count;
    badge.hidden = count < 1;
    badge.textContent = count > 99 ? '99+' : `${count}`;
    label();
    callFor(count, words.news(count));
    emit('unread', count);
  }

  function label() {
    button.setAttribute('aria-expanded', `${isOpen}`);
    button.setAttribute(
      'aria-label',
      (isOpen ? words.close : words.open) + (unread ? words.unread(unread) : ''),
    );
  }

  /** On a phone the keyboard shrinks the visible part only: the panel must follow it. */
  function fit() {
    const seen = window.visualViewport;
    if (!frame || !seen) return;
    const follow = isOpen && isSmall();
    frame.style.height = follow ? `${seen.height}px` : '';
    frame.style.top = follow ? `${seen.offsetTop}px` : '';
  }

  function emit(name: EventName, value?: number | string) {
    for (const [wanted, listener] of listeners) {
      if (wanted !== name) continue;
      try {
        listener(value);
      } catch (error) {
        console.error(error);
      }
    }
  }

  function remember() {
    try {
      localStorage.setItem(`macaw:${site}:talked`, '1');
    } catch {
      // Forbidden storage: the panel loads at the click.
    }
  }

  function remembered(): boolean {
    try {
      return localStorage.getItem(`macaw:${site}:talked`) === '1';
    } catch {
      return false;
    }
  }

  return { open, close, toggle, identify, on: (name, listener) => void listeners.push([name, listener]) };
}

function isSmall(): boolean {
  return matchMedia('(max-width:520px),(max-height:480px)').matches;
}

function idle(run: () => void) {
  // Safari has none.
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 4000 });
  else setTimeout(run, 2000);
}
