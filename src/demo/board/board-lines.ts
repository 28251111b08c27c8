/** The board as lines of a terminal. */
import type { BoardText, Remark } from './board-text.ts';
import { columns, shortened } from './columns.ts';

/** The widest line. A narrower terminal has fewer. */
export const mostColumns = 100;

export interface Line {
  readonly text: string;
  readonly style?: 'bold' | 'dim' | 'red';
}

/** @param most columns of a line */
export function boardLines({ title, addresses, head, groups, scrapes, loop }: BoardText, most: number = mostColumns): readonly Line[] {
  // One table, so that all numbers stand below each other.
  const [heading = '', ...texts] = columns([head, ...groups.flatMap(({ rows }) => rows)], most);
  const lines: Line[] = [{ text: title, style: 'bold' }, ...addressLines(addresses), { text: '' }, { text: heading, style: 'dim' }];
  for (const { name, state, rows } of groups) {
    lines.push({ text: `${name}: ${state}`, style: 'bold' });
    for (const text of texts.splice(0, rows.length)) lines.push({ text });
  }
  lines.push({ text: '' }, ...scrapes.map(remark), remark(loop));
  // Last, because a small window cannot show them.
  lines.push(...addressLines(groups.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }]))));
  return lines.map((line) => ({ ...line, text: shortened(line.text, most) }));
}

function addressLines(addresses: BoardText['addresses']): readonly Line[] {
  const width = Math.max(0, ...addresses.map(({ name }) => name.length));
  return addresses.map(({ name, url }) => ({ text: `${name.padEnd(width)}  ${url}` }));
}

function remark({ text, bad }: Remark): Line {
  return bad ? { text, style: 'red' } : { text };
}
