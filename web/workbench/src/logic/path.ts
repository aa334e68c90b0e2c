/** Only a path of our own: never a foreign address from the query. */
export function ownPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
