/** A scrape that shows several processes: what it costs all of them together, beside prom-client's `AggregatorRegistry`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCase, Round } from '../bench-case.ts';
import { startClient } from '../http/start-client.ts';
import { startWorkers } from '../processes/workers.ts';

const restMs = 20;
const times = { quick: 40, full: 100 };
/** Until each worker's side is compiled too. */
const warmUps = { quick: 150, full: 1_000 };

const variants = [
  { name: 'cluster-8x1000', workers: 8, series: 1_000, quick: true },
  { name: 'cluster-4x200', workers: 4, series: 200, quick: false },
] as const;

export const cases: readonly BenchCase[] = variants.map(({ name, workers, series, quick }) => ({
  suite: 'processes',
  name,
  what: `a scrape over ${workers} workers of a cluster, each with the same ${series.toLocaleString('en')} counters, while each records 4,000 values a second; CPU time of all processes`,
  contenders: ['meterbridge', 'prom-client'],
  rounds: 9,
  quickRounds: 5,
  fullOnly: !quick,
  prepare: (contender, isQuick) => prepared(contender, workers, series, isQuick ? 'quick' : 'full'),
}));

async function prepared(contender: string, count: number, series: number, size: 'quick' | 'full'): Promise<Round> {
  const workers = await startWorkers(contender, count, series);
  const scrape = startClient();
  const { bytes } = await scrape({ url: workers.url, times: warmUps[size], headers: {} });
  if (bytes < series * 20) throw new Error(`BUG: ${bytes} bytes cannot be ${series} series`);
  return async () => {
    await workers.send('collect');
    await sleep(restMs);
    const before = await workers.send('record');
    const { ms } = await scrape({ url: workers.url, times: times[size], headers: {} });
    const after = await workers.send('rest');
    return { 'CPU µs': (after - before) / times[size], ms };
  };
}
