/** The board in words: what the terminal and the page show alike. */
import type { Board, Row, Scrapes } from './board.ts';
import { counted, shownMs, shownRate, shownSeconds, shownValue } from './words.ts';

export interface BoardText extends Pick<Board, 'title' | 'addresses'> {
  /** The table's first row. */
  readonly head: readonly string[];
  readonly groups: readonly {
    readonly name: string;
    readonly state: string;
    readonly url?: string;
    readonly rows: readonly (readonly string[])[];
  }[];
  readonly scrapes: readonly Remark[];
  readonly loop: Remark;
  /** Whether the button can be pressed. */
  readonly blocked: boolean;
}

export interface Remark {
  readonly text: string;
  readonly bad: boolean;
}

/** A response that takes longer than this, in milliseconds, is shown as slow. */
const late = 500;

export function boardText({ title, addresses, groups, scrapes, blockedMs }: Board): BoardText {
  const stock = groups.some((group) => group.stock);
  const blocked = blockedMs > 0;
  return {
    title,
    addresses,
    head: ['series', 'recorded', 'pulled', 'pushed', ...(stock ? ['OTel'] : []), 'per second'],
    groups: groups.map(({ rows, stock: _, ...group }) => ({ ...group, rows: rows.map((row) => cells(row, stock)) })),
    scrapes: scrapes.map((one) => ({ text: scrapesText(one), bad: one.waitingMs >= late })),
    loop: {
      text: blocked ? `The shop’s event loop is blocked for another ${shownSeconds(blockedMs)}.` : 'The shop’s event loop runs.',
      bad: blocked,
    },
    blocked,
  };
}

function cells({ series, recorded, pulled, pushed, stock, rate }: Row, withStock: boolean): readonly string[] {
  return [series, ...[recorded, pulled, pushed, ...(withStock ? [stock] : [])].map(shownValue), shownRate(rate)];
}

/** `Meterbridge, in a thread: 12 scrapes answered, 2.0 a second, the slowest after 3.1 ms`; while one is late, for how long. */
function scrapesText({ name, answered, failed, perSecond, slowestMs, waitingMs }: Scrapes): string {
  const speed = answered === 0 ? '' : `, ${shownRate(perSecond)} a second, the slowest after ${shownMs(slowestMs)}`;
  const lost = failed === 0 ? '' : `, ${failed} failed`;
  return `${name}: ${counted(answered, 'scrape')} answered${lost}${waitingMs < late ? speed : `; no answer for ${shownSeconds(waitingMs)}`}`;
}
