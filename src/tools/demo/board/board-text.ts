/** The board in words: what the terminal and the page show alike. */
import type { Board, Row, Scrapes } from './board.ts';
import { shownMs, shownRate, shownSeconds, shownValue } from './words.ts';

export interface BoardText extends Pick<Board, 'title' | 'addresses'> {
  /** The table's first row. */
  readonly head: readonly string[];
  readonly groups: readonly {
    readonly name: string;
    readonly state: string;
    readonly url?: string;
    readonly rows: readonly (readonly string[])[];
  }[];
  /** What the table's columns are, in one sentence. */
  readonly legend: string;
  readonly scrapes: readonly ScrapesText[];
  readonly loop: Remark;
  /** What to watch when the button is pressed. */
  readonly watch: string;
  /** Whether the button can be pressed. */
  readonly blocked: boolean;
}

export interface Remark {
  readonly text: string;
  readonly bad: boolean;
}

export interface ScrapesText extends Remark, Pick<Scrapes, 'name' | 'dots' | 'answered'> {}

/** A response that takes longer than this, in milliseconds, is shown as slow. */
const late = 1_000;

export function boardText({ title, addresses, groups, scrapes, blockedMs }: Board): BoardText {
  const stock = groups.some((group) => group.stock);
  const blocked = blockedMs > 0;
  return {
    title,
    addresses,
    head: ['series', 'recorded', 'pulled', 'pushed', ...(stock ? ['OTel'] : []), 'per second'],
    groups: groups.map(({ rows, stock: _, ...group }) => ({ ...group, rows: rows.map((row) => cells(row, stock)) })),
    legend,
    scrapes: scrapes.map((one) => ({
      name: one.name,
      dots: one.dots,
      answered: one.answered,
      text: scrapesText(one),
      bad: one.waitingMs >= late,
    })),
    loop: {
      text: blocked ? `The shop’s event loop is blocked for another ${shownSeconds(blockedMs)}.` : 'The shop’s event loop runs.',
      bad: blocked,
    },
    watch: stock ? `${watchOurs} OpenTelemetry’s exporter answers from the event loop: its dots turn red.` : watchOurs,
    blocked,
  };
}

const legend = 'recorded: counted by the customers; pulled: the last scrape; pushed: received by meterbridge serve';
const watchOurs = 'Watch the dots: Meterbridge answers from a thread and stays green.';

function cells({ series, recorded, pulled, pushed, stock, rate }: Row, withStock: boolean): readonly string[] {
  return [series, ...[recorded, pulled, pushed, ...(withStock ? [stock] : [])].map(shownValue), shownRate(rate)];
}

/**
 * `median 2.1 ms, longest gap 0.5 s`; while a response is late, for how long. The median of a busy machine says more than its
 * slowest response.
 */
function scrapesText({ failed, medianMs, longestGapMs, waitingMs }: Scrapes): string {
  const lost = failed === 0 ? [] : [`${failed} failed`];
  if (waitingMs >= late) return [...lost, `no response for ${shownSeconds(waitingMs)}`].join(', ');
  const median = medianMs === undefined ? [] : [`median ${shownMs(medianMs)}`];
  return [...lost, ...median, `longest gap ${shownSeconds(longestGapMs)}`].join(', ');
}
