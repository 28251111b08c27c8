/**
 * What Prometheus has scraped of series that are kept through kills, held against what their senders know: sample by sample, and
 * as PromQL sees it. Of each sender all series show the number of one request: those of counters and histograms itself, the gauge
 * its half.
 */
import assert from 'node:assert/strict';
import { senders, type Times } from '../service/forwarding/senders.ts';
import type { Prometheus } from './prometheus.ts';

/** From the kill until the process that follows is ready, and until it has loaded what was kept: seconds since the epoch. */
export interface Down {
  readonly from: number;
  readonly ready: number;
  readonly to: number;
}

export interface Compared {
  readonly samples: number;
  readonly failed: number;
  /** Of these, scrapes that began behind the start: what was kept was being loaded. */
  readonly whileLoading: number;
}

type Samples = readonly (readonly [time: number, value: number])[];

interface Scrape {
  readonly from: number;
  readonly to: number;
  readonly succeeded: boolean;
}

const counters = [
  'total',
  'delta_total',
  'duration_count',
  'duration_sum',
  'duration_bucket{le="1.0"}',
  'duration_bucket{le="+Inf"}',
];
const gauge = 'level';
/** Prometheus moves the time of a sample by up to 2 ms to an even interval; others round. */
const roundS = 0.005;
/** Some more than an interval: the window of `absent_over_time`, and what may pass until the first scrape behind a start. */
const windowS = 2;

function selectorOf(series: string, sender: number): string {
  const [name, labels = ''] = series.replace('}', '').split('{');
  return `${name}{exported_instance="${sender}"${labels === '' ? '' : `,${labels}`}}`;
}

/** How many requests had been sent, or answered, by then. */
function countBy(times: readonly Times[], which: keyof Times, seconds: number): number {
  let [least, most] = [0, times.length];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if ((times[middle] as Times)[which] <= seconds * 1_000) least = middle + 1;
    else most = middle;
  }
  return least;
}

async function scrapesOf(prometheus: Prometheus): Promise<readonly Scrape[]> {
  const seconds = new Map(await prometheus.samples('scrape_duration_seconds'));
  return (await prometheus.samples('up')).map(([from, value]) => ({
    from,
    to: from + (seconds.get(from) ?? Number.NaN),
    succeeded: value === 1,
  }));
}

/** Each sample lies between what had been acknowledged when its scrape began, and what had been sent when it ended. */
function checkBounds(samples: Samples, scrapes: ReadonlyMap<number, Scrape>, times: readonly Times[], what: string): void {
  let before = 0;
  for (const [time, value] of samples) {
    const { from, to } = scrapes.get(time) as Scrape;
    const least = countBy(times, 'answered', from - roundS);
    const most = countBy(times, 'sent', to + roundS);
    assert.ok(
      Number.isInteger(value) && value >= least && value <= most,
      `${what} is ${value} at ${time}, not from ${least} to ${most}`,
    );
    assert.ok(value >= before, `${what} falls from ${before} to ${value} at ${time}`);
    before = value;
  }
}

async function checkAbsence(
  prometheus: Prometheus,
  selector: string,
  downs: readonly Down[],
  from: number,
  to: number,
): Promise<void> {
  for (const time of await prometheus.times(`absent_over_time(${selector}[${windowS}s])`)) {
    if (time < from + windowS || time > to) continue;
    const isDown = downs.some((down) => down.from - roundS <= time && time - 2 * windowS <= down.to);
    assert.ok(isDown, `${selector} is absent at ${time}: ${JSON.stringify(downs)}`);
  }
}

/**
 * @param times of each sender's requests; the last one may have been answered to nobody
 * @param first a scrape that had all series; @param end all requests were sent before
 */
export async function checkSamples(
  prometheus: Prometheus,
  times: readonly (readonly Times[])[],
  downs: readonly Down[],
  first: number,
  end: number,
): Promise<Compared> {
  const scrapes = (await scrapesOf(prometheus)).filter(({ from }) => from >= first);
  for (const { from, to, succeeded } of scrapes) {
    const wasDown = downs.some((down) => from - roundS <= down.to && to + roundS >= down.from);
    assert.ok(succeeded || wasDown, `not up at ${from}, while it runs: ${JSON.stringify(downs)}`);
  }
  const failed = scrapes.filter((scrape) => !scrape.succeeded);
  const whileLoading = failed.filter(({ from }) => downs.some(({ ready, to }) => from > ready && from <= to + roundS));
  const succeeded = scrapes.filter((scrape) => scrape.succeeded);
  const until = scrapes.at(-1)?.from ?? first;
  const byTime = new Map(succeeded.map((scrape) => [scrape.from, scrape]));
  let compared = 0;
  for (let sender = 0; sender < senders; sender++) {
    const own = times[sender] as readonly Times[];
    const last = countBy(own, 'answered', end);
    const seen = new Map<string, Samples>();
    for (const series of [...counters, gauge]) {
      const selector = selectorOf(series, sender);
      const samples = (await prometheus.samples(selector))
        .filter(([time]) => time >= first && time <= until)
        .map(([time, value]) => [time, series === gauge ? 2 * value : value] as const);
      assert.deepEqual(
        samples.map(([time]) => time),
        succeeded.map(({ from }) => from),
        `${selector} is in each scrape that succeeded, and nowhere else`,
      );
      checkBounds(samples, byTime, own, selector);
      const [begin, final] = [samples[0]?.[1] as number, samples.at(-1)?.[1] as number];
      assert.ok(
        final === own.length || final === last,
        `${selector} ends with ${final}; ${last} of ${own.length} were acknowledged`,
      );
      const rises = samples.reduce((sum, [, value], at) => sum + (at === 0 ? 0 : value - (samples[at - 1]?.[1] as number)), 0);
      assert.equal(rises, final - begin, selector);
      if (series !== gauge) assert.equal((await prometheus.query(`resets(${selector}[1h])`))[0]?.value, '0', selector);
      await checkAbsence(prometheus, selector, downs, first, end);
      seen.set(selector, samples);
      compared += samples.length;
    }
    // A request is applied whole, and a page is of one moment.
    const [of, ...others] = seen.values();
    for (const other of others) assert.deepEqual(other, of, `series of ${sender} differ`);
  }
  return { samples: compared, failed: failed.length, whileLoading: whileLoading.length };
}
