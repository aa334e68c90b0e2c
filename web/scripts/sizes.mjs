// Prints what visitors download, and fails over the budget. Sizes are gzip -9.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const KIB = 1024;

function assetsOf(page, kind) {
  const html = readFileSync(join(dist, page), 'utf8');
  return [...html.matchAll(/(?:src|href)="\/(assets\/widget\/[^"]+)"/g)]
    .map((m) => m[1])
    .filter((f) => f.endsWith(kind));
}

function gzipped(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);
}

const rows = [];
if (existsSync(join(dist, 'widget.js'))) rows.push(['loader: widget.js', ['widget.js'], 5]);
if (existsSync(join(dist, 'chat.html'))) {
  rows.push(['panel: script', assetsOf('chat.html', '.js'), 45]);
  rows.push(['panel: style', assetsOf('chat.html', '.css'), 10]);
  rows.push(['panel: html', ['chat.html'], 2]);
}
const workbench = join(dist, 'assets/workbench');
if (existsSync(workbench)) {
  const all = readdirSync(workbench).map((f) => join('assets/workbench', f));
  rows.push(['workbench: all scripts', all.filter((f) => f.endsWith('.js')), Number.POSITIVE_INFINITY]);
}

let isOver = false;
for (const [name, files, budget] of rows) {
  const size = gzipped(files);
  const bad = size > budget * KIB || files.length === 0;
  isOver ||= bad;
  const limit = Number.isFinite(budget) ? `${budget} KB` : '–';
  console.log(
    `${name.padEnd(26)}${(size / KIB).toFixed(2).padStart(8)} KB  of ${limit.padEnd(7)}${bad ? 'OVER' : 'ok'}`,
  );
}
if (rows.length === 0) console.error('nothing built: run `npm run build` first');
process.exit(isOver || rows.length === 0 ? 1 : 0);
