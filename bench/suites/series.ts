/** The scrape's cost against the number of series: what the plot shows. */
import { type BenchCase, offered } from '../bench-case.ts';
import { go, javascript, loadContender } from '../contenders/index.ts';
import { renderings } from './scrape.ts';

export const seriesCounts = [100, 1_000, 10_000, 100_000, 1_000_000];

export const cases: readonly BenchCase[] = seriesCounts.map((series) => ({
  suite: 'series',
  name: `series-${series}`,
  what: `${series} gauge lines, all changed`,
  contenders: [...javascript, ...go],
  rounds: series > 100_000 ? 3 : 9,
  quickRounds: 3,
  fullOnly: series > 100_000,
  async prepare(contender) {
    const page = offered((await loadContender(contender)).gaugePage?.(series), contender, 'gauges');
    return renderings(page, series);
  },
}));
