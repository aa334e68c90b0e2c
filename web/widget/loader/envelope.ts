/**
 * What the page's loader and the panel in the iframe say to each other: one namespaced envelope by postMessage.
 * Both check the other's origin and window. `macaw: 1` is the version of this envelope.
 */
export type FromPanel =
  | { type: 'ready' }
  | { type: 'close' }
  /** The visitor has a conversation here: next time the panel may load by itself, for the unread count. */
  | { type: 'talked' }
  | { type: 'unread'; count: number }
  /** What became of an identity: the code of its refusal, or an empty one. */
  | { type: 'identity'; code: string };

export type FromLoader =
  | { type: 'shown' }
  | { type: 'hidden' }
  /** The customer whom the page vouches for, as a JWT; null: nobody any more. */
  | { type: 'identify'; identity: string | null };

export type Envelope<T> = T & { macaw: 1; site: string };

export function isEnvelope<T extends { type: string }>(data: unknown, site: string): data is Envelope<T> {
  const d = data as Partial<Envelope<{ type: string }>> | null;
  return (
    typeof d === 'object' && d !== null && d.macaw === 1 && d.site === site && typeof d.type === 'string'
  );
}
