/** What an exposition costs: from changed values to bytes. */
import { type BenchCase, offered, type Round } from '../bench-case.ts';
import type { Contender, Page } from '../contenders/contender.ts';
import { go, javascript, loadContender, protobuf } from '../contenders/index.ts';
import { fleet } from './fleet.ts';
import { bounds } from './record.ts';

interface Rendering {
  readonly name: string;
  readonly what: string;
  readonly lines: number;
  readonly quickLines: number;
  readonly rounds: number;
  readonly make: (contender: Contender, lines: number) => Page | undefined;
}

const gauges: Rendering['make'] = (contender, lines) => contender.gaugePage?.(lines);
/** A line for each bound and one for `+Inf`. */
const linesASeries = bounds.length + 1;

const all: readonly Rendering[] = [
  {
    name: 'render-100k',
    what: '100,000 gauge lines, all changed (quick: 32,000)',
    lines: 100_000,
    quickLines: 32_000,
    rounds: 15,
    make: gauges,
  },
  {
    name: 'render-1m',
    what: '1,000,000 gauge lines, all changed (quick: 96,000)',
    lines: 1_000_000,
    quickLines: 96_000,
    rounds: 5,
    make: gauges,
  },
  {
    name: 'histograms-100k',
    what: '100,000 bucket lines, all changed (quick: 32,000)',
    lines: 100_000,
    quickLines: 32_000,
    rounds: 15,
    make: (contender, lines) => contender.histogramPage?.(lines / linesASeries, bounds),
  },
];

const pages: readonly BenchCase[] = all.map(({ name, what, lines, quickLines, rounds, make }) => ({
  suite: 'scrape',
  name,
  what,
  contenders: [...javascript, ...go, ...protobuf],
  rounds,
  quickRounds: 3,
  async prepare(contender, quick): Promise<Round> {
    const page = offered(make(await loadContender(contender), quick ? quickLines : lines), contender, name);
    return renderings(page, quick ? quickLines : lines);
  },
}));

export const cases: readonly BenchCase[] = [...pages, fleet];

/** Small pages are rendered again and again, until the clock can tell. */
const leastMs = 20;
const leastLineBytes = 10;
const leastWarmUp = 2;
const warmUpMs = 300;

/** Ahead: the first rendering builds caches and is nobody's every day, the next ones are not compiled yet. */
export async function renderings(page: Page, lines: number): Promise<Round> {
  let round = 0;
  for (const from = performance.now(); round < leastWarmUp || performance.now() - from < warmUpMs; round++) {
    page.change(round);
    await page.render();
  }
  return async () => {
    globalThis.gc?.();
    let ms = 0;
    let times = 0;
    for (; ms < leastMs; times++) {
      page.change(round++);
      const from = performance.now();
      const bytes = await page.render();
      ms += performance.now() - from;
      if (bytes < lines * leastLineBytes) throw new Error(`BUG: ${bytes} bytes cannot be ${lines} lines`);
    }
    return { 'ns/line': (ms * 1e6) / (times * lines) };
  };
}
