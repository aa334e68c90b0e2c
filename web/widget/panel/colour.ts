// Any colour a shop chooses must stay readable: WCAG AA, 4.5 to 1.
type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [20, 24, 31];
const DARK_SURFACE: Rgb = [24, 27, 33];

export type Brand = { brand: string; onBrand: string; textLight: string; textDark: string };

export function brandOf(colour: string): Brand {
  const rgb = parse(colour) ?? [21, 112, 239];
  // Slightly darkened rather than dark text on a vivid colour, when that is enough.
  const solid = contrast(rgb, WHITE) >= 3.6 ? towards(rgb, [0, 0, 0], WHITE) : rgb;
  const onBrand = contrast(solid, WHITE) >= 4.5 ? WHITE : INK;
  return {
    brand: text(solid),
    onBrand: text(onBrand),
    textLight: text(towards(rgb, [0, 0, 0], [246, 247, 249])),
    textDark: text(towards(rgb, WHITE, DARK_SURFACE)),
  };
}

/** Mixes `from` with `to` until it is readable on `ground`. */
function towards(from: Rgb, to: Rgb, ground: Rgb): Rgb {
  for (let i = 0; i <= 20; i++) {
    const mixed = from.map((v, k) => Math.round(v + ((to[k] ?? 0) - v) * (i / 20))) as Rgb;
    if (contrast(mixed, ground) >= 4.6) return mixed;
  }
  return to;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((v) => {
    const c = v / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function parse(colour: string): Rgb | null {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  return hex ? ([0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as Rgb) : null;
}

function text(rgb: Rgb): string {
  return `rgb(${rgb.join(' ')})`;
}
