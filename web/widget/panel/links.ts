export type Piece = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

// Ends before what closes a sentence, in both scripts.
const LINK = /https?:\/\/[^\s<>"'`，。；！？、（）【】《》「」]+/gi;
const TAIL = /[.,;:!?)\]}]+$/;
const MOST_SHOWN = 48;

/** Splits a text into words and links. A link is shown as its host and path, never as a text that lies. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const raw = match[0].replace(TAIL, '');
    const href = safe(raw);
    if (!href) continue;
    if (match.index > end) out.push({ kind: 'text', text: text.slice(end, match.index) });
    out.push({ kind: 'link', text: shown(href), href: href.href });
    end = match.index + raw.length;
  }
  if (end < text.length) out.push({ kind: 'text', text: text.slice(end) });
  return out;
}

function safe(raw: string): URL | null {
  try {
    const url = new URL(raw);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
  } catch {
    return null;
  }
}

function shown(url: URL): string {
  const rest = url.pathname === '/' && !url.search ? '' : url.pathname + url.search;
  const whole = url.host + rest;
  return whole.length > MOST_SHOWN ? `${whole.slice(0, MOST_SHOWN - 1)}…` : whole;
}
