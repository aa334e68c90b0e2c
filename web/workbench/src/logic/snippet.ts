import type { Site } from '@macaw/client';

/** The server may not know its public address; this page does. */
export function snippetOf(site: Pick<Site, 'snippet'>, origin = location.origin): string {
  return site.snippet.replace('src="/', `src="${origin}/`);
}
