/** Code points, first and last of each run, so that the source stays plain text. */
const RUNS = {
  faces: [
    [0x1f600, 0x1f644],
    [0x1f910, 0x1f917],
    [0x1f923, 0x1f92f],
  ],
  hands: [
    [0x1f44a, 0x1f450],
    [0x1f64b, 0x1f64f],
    [0x1f918, 0x1f91f],
    [0x1f4aa, 0x1f4aa],
  ],
  hearts: [
    [0x1f493, 0x1f49f],
    [0x2728, 0x2728],
    [0x2b50, 0x2b50],
    [0x1f525, 0x1f525],
    [0x1f389, 0x1f38a],
  ],
  things: [
    [0x1f4e6, 0x1f4e6],
    [0x1f69a, 0x1f69a],
    [0x1f381, 0x1f381],
    [0x1f4b0, 0x1f4b3],
    [0x1f4de, 0x1f4de],
    [0x1f4e7, 0x1f4e7],
    [0x1f6d2, 0x1f6d2],
    [0x1f527, 0x1f527],
    [0x23f0, 0x23f0],
    [0x2705, 0x2705],
    [0x274c, 0x274c],
    [0x2753, 0x2753],
    [0x1f490, 0x1f490],
    [0x2615, 0x2615],
    [0x1f99c, 0x1f99c],
  ],
} as const;

export type EmojiGroup = keyof typeof RUNS;

function spread([first, last]: readonly [number, number]): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i));
}

export const groups = (Object.keys(RUNS) as EmojiGroup[]).map((name) => ({
  name,
  emoji: RUNS[name].flatMap(spread),
}));

const KEY = 'macaw:emoji';
const MOST = 8;

export function recent(): string[] {
  const known = new Set(groups.flatMap((g) => g.emoji));
  return (localStorage.getItem(KEY) ?? '')
    .split(' ')
    .filter((e) => known.has(e))
    .slice(0, MOST);
}

export function remember(emoji: string): void {
  const all = [emoji, ...recent().filter((e) => e !== emoji)];
  localStorage.setItem(KEY, all.slice(0, MOST).join(' '));
}
