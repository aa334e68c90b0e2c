/** Where in `text` a place is that counts lines and characters from 1, as a textarea counts. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const characters = Array.from(lines[line - 1] ?? '').slice(0, Math.max(0, column - 1));
  return Math.min(text.length, before + characters.join('').length);
}
