const NS = 'http://www.w3.org/2000/svg';

/** The macaw, 64 × 64: fill and path of each part, from back to front. */
const bird: [string, string][] = [
  ['#E5383B', 'M11 60C7 40 9 24 18 14 25 6 35 3 43 6c8 3 12 9 12 17-8-1-13 4-13 11 0 10-2 18-6 26Z'],
  ['#F5B700', 'M11 60C8.6 49 8.6 40 11 31c9 4 15 14 16 29Z'],
  ['#12A150', 'M11 60C9 52 9 45 10 39c7 4 11 11 12 21Z'],
  ['#1570EF', 'M11 60c-1.2-5-1.6-9-1.5-13 4.5 3 7 8 7.5 13Z'],
  ['#fff', 'M33 19c1-7 9-10 16-6 4 3 6 6 6 10.5C47 22 42.5 26 42 33c-6-2-9.5-7-9-14Z'],
  [
    '#1B212C',
    'M42 34c0-8 5-12 12.5-11C61 24 64 31 62 40c-.7 3.6-2 6-3.5 7.5C58.5 42 54.5 38.5 49 38.5c-4.5 0-7-1-7-4.5ZM44.5 40.5c4.5.2 7.5 2.5 8 7-5 .3-8-2.2-8-7ZM43 16.6a3 3 0 1 0 .010 0Z',
  ],
];

export function birdIcon(size: number): SVGSVGElement {
  const svg = icon(size, '0 0 72 66', 'bird');
  for (const [fill, d] of bird) svg.append(path({ fill, d }));
  return svg;
}

export function closeIcon(): SVGSVGElement {
  const svg = icon(26, '0 0 24 24', 'x');
  const d = 'M6 9.5 12 15.5 18 9.5';
  svg.append(
    path({
      d,
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': '2.4',
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
  return svg;
}

function icon(size: number, viewBox: string, name: string): SVGSVGElement {
  const svg = document.createElementNS(NS, 'svg');
  const attributes = { viewBox, width: `${size}`, height: `${size}`, class: name, 'aria-hidden': 'true' };
  for (const [k, v] of Object.entries(attributes)) svg.setAttribute(k, v);
  return svg;
}

function path(attributes: Record<string, string>): SVGPathElement {
  const p = document.createElementNS(NS, 'path');
  for (const [k, v] of Object.entries(attributes)) p.setAttribute(k, v);
  return p;
}
