export type Card = { title: string; colour: string; corner: 'left' | 'right' };
export type CardAnswer = { at: 'known'; card: Card } | { at: 'unreachable' } | { at: 'refused' };

/** The only request before the first click. A page whose CSP forbids it gets a launcher with default looks. */
export async function fetchCard(origin: string, site: string): Promise<CardAnswer> {
  try {
    const lang = encodeURIComponent(navigator.language.slice(0, 2).toLowerCase());
    const response = await fetch(`${origin}/api/v1/visitor/site/${encodeURIComponent(site)}?lang=${lang}`, {
      credentials: 'omit',
    });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) return { at: 'refused' };
    if (!response.ok) return { at: 'unreachable' };
    const body = (await response.json()) as Partial<Card>;
    const colour = typeof body.colour === 'string' && /^#[0-9a-f]{6}$/i.test(body.colour) ? body.colour : '';
    const title = typeof body.title === 'string' ? body.title : '';
    return { at: 'known', card: { title, colour, corner: body.corner === 'left' ? 'left' : 'right' } };
  } catch {
    return { at: 'unreachable' };
  }
}
