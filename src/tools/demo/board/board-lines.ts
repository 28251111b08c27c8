/** The board as lines of a terminal. */
import type { BoardText, Remark, ScrapesText } from './board-text.ts';
import { columns, shortened, widthOf } from './columns.ts';

/** The widest line. A narrower terminal has fewer. */
export const mostColumns = 100;

export type Style = 'bold' | 'dim' | 'red' | 'green';

export interface Line {
  readonly text: string;
  readonly style?: Style;
  /** Parts with styles of their own, in place of `style`; together they are the text. */
  readonly parts?: readonly { readonly text: string; readonly style?: Style }[];
}

/** Of scrapes, with and without a response: they differ in shape, too. */
export const dots = { answered: '●', missed: '×' } as const;
/** As many as 18 s have, beside a median and a gap. */
const mostDots = 36;

/** @param most columns of a line */
export function boardLines(
  { title, addresses, head, groups, legend, scrapes, loop }: BoardText,
  most: number = mostColumns,
): readonly Line[] {
  // One table, so that all numbers stand below each other.
  const [heading = '', ...texts] = columns([head, ...groups.flatMap(({ rows }) => rows)], most);
  const lines: Line[] = [{ text: title, style: 'bold' }, ...addressLines(addresses), { text: '' }];
  lines.push(
    ...timelines(scrapes, most),
    remark(loop),
    { text: '' },
    { text: legend, style: 'dim' },
    { text: heading, style: 'dim' },
  );
  for (const { name, state, rows } of groups) {
    lines.push({ text: `${name}: ${state}`, style: 'bold' });
    for (const text of texts.splice(0, rows.length)) lines.push({ text });
  }
  // Last, because a small window cannot show them.
  lines.push(...addressLines(groups.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }]))));
  return lines.map((line) => ({ ...line, text: shortened(line.text, most) }));
}

/** Below each other, so that dots of one time are, too: the latest to the right. */
function timelines(scrapes: readonly ScrapesText[], most: number): readonly Line[] {
  const name = Math.max(0, ...scrapes.map((one) => widthOf(one.name)));
  const text = Math.max(0, ...scrapes.map((one) => widthOf(one.text)));
  const room = Math.max(0, Math.min(mostDots, most - name - text - 4));
  return scrapes.map((one) => {
    const shown = one.dots.slice(one.dots.length - Math.min(room, one.dots.length));
    const parts = [
      { text: `${one.name.padEnd(name)}  ${' '.repeat(room - shown.length)}` },
      ...runs(shown).map((run) => ({ text: run, style: run.startsWith(dots.answered) ? ('green' as const) : ('red' as const) })),
      { text: `  ${one.text}`, ...(one.bad && { style: 'red' as const }) },
    ];
    return { text: parts.map((part) => part.text).join(''), parts };
  });
}

/** Neighbours that are alike, together. */
function runs(shown: readonly boolean[]): readonly string[] {
  const found: string[] = [];
  for (const [at, one] of shown.entries()) {
    const before = at > 0 && shown[at - 1] === one ? found.pop() : undefined;
    found.push(`${before ?? ''}${one ? dots.answered : dots.missed}`);
  }
  return found;
}

function addressLines(addresses: BoardText['addresses']): readonly Line[] {
  const width = Math.max(0, ...addresses.map(({ name }) => name.length));
  return addresses.map(({ name, url }) => ({ text: `${name.padEnd(width)}  ${url}` }));
}

function remark({ text, bad }: Remark): Line {
  return bad ? { text, style: 'red' } : { text };
}
