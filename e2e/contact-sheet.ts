import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const out = join(import.meta.dirname, 'out');
/** PAGE-SIZE-SCHEME-LANGUAGE.png, as the tests of screens name them. */
const name = /^(?<page>.+)-(?<size>desktop|phone)-(?<scheme>light|dark)-(?<lang>en|zh)\.png$/;

type Picture = { file: string; page: string; size: string; scheme: string; lang: string };

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function figure({ file, size, scheme, lang }: Picture): string {
  const words = escape(`${size}, ${scheme}, ${lang}`);
  return `<a class="${size}" href="${escape(file)}"><img src="${escape(file)}" alt="${words}" loading="lazy"><span>${words}</span></a>`;
}

/** One page with all pictures of the run, so that a person can leaf through them. */
export default function contactSheet(): void {
  const pictures: Picture[] = readdirSync(out, { encoding: 'utf8' }).flatMap((file) => {
    const parts = name.exec(file)?.groups as Omit<Picture, 'file'> | undefined;
    return parts ? [{ file, ...parts }] : [];
  });
  // A run of other tests makes no pictures, and leaves the sheet of the one before.
  if (!pictures.length) return;
  const pages = new Map<string, Picture[]>();
  for (const picture of pictures) pages.set(picture.page, [...(pages.get(picture.page) ?? []), picture]);
  const sections = [...pages].sort(([a], [b]) => a.localeCompare(b)).map(([page, of]) => {
    const sorted = of.sort((a, b) => a.file.localeCompare(b.file));
    return `<section><h2>${escape(page.replaceAll('-', ' '))}</h2><div>${sorted.map(figure).join('')}</div></section>`;
  });
  writeFileSync(
    join(out, 'contact-sheet.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Macaw: ${pictures.length} pictures of ${pages.size} pages</title>
<style>
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
body { margin: 2rem; background: light-dark(#f5f6f8, #14181f); }
h2 { margin: 2.5rem 0 .75rem; text-transform: capitalize; }
section > div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
a { display: grid; gap: .25rem; color: inherit; text-decoration: none; font-size: 12px; }
img { block-size: 300px; border-radius: 8px; box-shadow: 0 1px 8px #0003; }
</style>
<h1>${pictures.length} pictures of ${pages.size} pages</h1>
${sections.join('\n')}
</html>
`,
  );
}
