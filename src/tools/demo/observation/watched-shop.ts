/** The shop under observation: its customers, its scrapers, and what all of them show. */
import type { Group, Row, Scrapes } from '../board/board.ts';
import { counted, shownRate } from '../board/words.ts';
import type { Shop } from '../start-shop.ts';
import { startProbe } from './probe.ts';
import { createRates } from './rates.ts';
import type { Samples } from './samples.ts';
import { startTraffic } from './traffic.ts';

export interface WatchedShop {
  /** @param brief one row a metric, instead of one a series */
  group(brief?: boolean): Group;
  scrapes(): readonly Scrapes[];
  /** Sends the customers away, and resolves with whether recorded, pulled and pushed agree in the end. */
  settled(ended: AbortSignal): Promise<boolean>;
  stop(): Promise<void>;
}

/** All responses of the shop, by series: what the customers record too. */
const recordedToo = /^shop_(?:requests_total|request_duration_seconds_count)\{/;
const noteEveryMs = 500;
const requestsTotal = 'shop_requests_total';
const inFlight = 'shop_requests_in_flight';

/** @param pushed what has arrived of the shop so far, without its sender's labels */
export function watchShop(shop: Shop, pushed: () => Samples | undefined): WatchedShop {
  const traffic = startTraffic(shop.api);
  const ours = startProbe('Meterbridge, in a thread', shop.metrics, { afterMs: 160 });
  const stock = shop.stock === undefined ? undefined : startProbe('OpenTelemetry’s exporter', shop.stock, { afterMs: 330 });
  const rates = createRates();
  const noting = setInterval(() => rates.note(ours.samples() ?? new Map()), noteEveryMs);

  /** Of one series, or of several added up. */
  function rowOf(name: string, series: readonly string[]): Row {
    return {
      series: name,
      recorded: sumOf(series, (one) => traffic.recorded().get(one)),
      pulled: sumOf(series, (one) => ours.samples()?.get(one)),
      pushed: sumOf(series, (one) => pushed()?.get(one)),
      stock: sumOf(series, (one) => stock?.samples()?.get(stockName(one))),
      rate: sumOf(series, rates.of),
    };
  }
  function agree(): boolean {
    const [recorded, pulled, arrived] = [traffic.recorded(), ours.samples(), pushed()];
    if (recorded.size === 0 || pulled === undefined || arrived === undefined) return false;
    const all = [
      ...recorded.keys(),
      ...[pulled, arrived].flatMap((samples) => [...samples.keys()].filter((series) => recordedToo.test(series))),
    ];
    return all.every((series) => [pulled, arrived].every((samples) => samples.get(series) === recorded.get(series)));
  }
  return {
    group(brief = false) {
      const recorded = [...traffic.recorded().keys()].sort();
      const [durations, requests] = ['shop_request_duration', requestsTotal].map((name) =>
        recorded.filter((one) => one.startsWith(name)),
      );
      const all = rowOf(requestsTotal, requests ?? []);
      const short = [all, rowOf('shop_request_duration_seconds_count', durations ?? [])];
      const sizes = `${counted(ours.samples()?.size ?? 0, 'series', 'series')} pulled, ${pushed()?.size ?? 0} pushed`;
      return {
        name: 'shop',
        state: `${counted(all.recorded ?? 0, 'request')} answered, ${shownRate(all.rate ?? 0)} a second; ${sizes}`,
        stock: stock !== undefined,
        rows: [...(brief ? short : recorded.map((one) => rowOf(shortName(one), [one]))), rowOf(inFlight, [inFlight])],
      };
    },
    scrapes: () => [ours, ...(stock === undefined ? [] : [stock])].map((probe) => probe.scrapes()),
    async settled(ended) {
      await traffic.stop();
      await until(() => agree() || ended.aborted);
      return agree();
    },
    async stop() {
      clearInterval(noting);
      await Promise.all([ours.stop(), stock?.stop()]);
    },
  };
}

const settleWithinMs = 60_000;
const lookEveryMs = 100;

async function until(holds: () => boolean): Promise<void> {
  const from = performance.now();
  while (!holds() && performance.now() - from < settleWithinMs) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
}

/** Undefined: none of them has a value. */
function sumOf(series: readonly string[], of: (series: string) => number | undefined): number | undefined {
  const values = series.map(of).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

/** `shop_requests_total{method="GET",route="/orders",status="200"}` → `shop_requests_total GET /orders 200`. */
function shortName(series: string): string {
  const values = [...series.matchAll(/="((?:[^"\\]|\\.)*)"/g)].map(([, value]) => value);
  return [series.split('{')[0], ...values].join(' ');
}

/** OpenTelemetry's exporter writes no units into names. */
function stockName(series: string): string {
  return series.replace('_seconds_', '_');
}
