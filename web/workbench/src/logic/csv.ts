export type CsvRow = { line: number; cells: string[] };

/**
 * The records of a CSV text (RFC 4180) with the line each begins on, the first being 1. Blank lines are
 * skipped; an open quote runs to the end of the text.
 */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  const source = text.replace(/^\ufeff/, '');
  let [cells, cell, quoted, line, begin] = [[] as string[], '', false, 1, 1];
  const end = () => {
    if (cells.length > 0 || cell !== '') rows.push({ line: begin, cells: [...cells, cell] });
    [cells, cell, begin] = [[], '', line];
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '\n') line++;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (source[i + 1] === '"') cell += source[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === ',') {
      cells.push(cell);
      cell = '';
    } else if (c === '\n') end();
    else if (c !== '\r' || source[i + 1] !== '\n') cell += c;
  }
  end();
  return rows;
}

export function writeCsv(rows: readonly (readonly string[])[]): string {
  const safe = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((cells) => `${cells.map(safe).join(',')}\r\n`).join('');
}

/** UTF-8, or GB18030: what Excel in China writes when it is asked for CSV. */
export function decodeTable(bytes: Uint8Array): { text: string; encoding: 'utf-8' | 'gb18030' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'gb18030' };
  }
}
