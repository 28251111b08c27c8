/**
 * Two pages in text 0.0.4 are equal when these are: without the order of families, lines and labels, and with numbers as numbers.
 */

/** Of each family its metadata and its samples. */
export type Page = Readonly<Record<string, readonly string[]>>;

export function pageOf(text: string): Page {
  const families: Record<string, string[]> = {};
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const [, kind = '', name = ''] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
    if (kind === 'HELP') {
      lines = [];
      families[name] = lines;
    }
    if (line !== '') lines.push(line.startsWith('#') ? line : sampleOf(line));
  }
  for (const all of Object.values(families)) all.sort();
  return Object.fromEntries(Object.entries(families).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sampleOf(line: string): string {
  const [, name = '', labels = '', value = ''] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)].map(([pair]) => pair.replace(/^,/, '')).sort();
  const number = value.toLowerCase() === 'nan' ? Number.NaN : Number(value.replace('Inf', 'Infinity'));
  return `${name}{${pairs.join()}} ${number}`;
}
