/** The shop under observation: its customers, its scrapers, and what all of them show. */
import type { Group, Row, Scrapes } from './board.ts';
import { startProbe } from './probe.ts';
import { createRates } from './rates.ts';
import type { Samples } from './samples.ts';
import type { Shop } from './start-shop.ts';
import { startTraffic } from './traffic.ts';
import { counted, shownRate } from './words.ts';

export interface WatchedShop {
  group(): Group;
  scrapes(): readonly Scrapes[];
  /** Sends the customers away, and resolves with whether recorded, pulled and pushed agree in the end. */
  settled(): Promise<boolean>;
  stop(): Promise<void>;
}

/** All answers of the shop, by series: what the customers record too. */
const recordedToo = /^shop_(?:requests_total|request_duration_seconds_count)\{/;
const noteEveryMs = 500;
const inFlight = 'shop_requests_in_flight';

/** @param pushed what has arrived of the shop so far, without its sender's labels */
export function watchShop(shop: Shop, pushed: () => Samples | undefined): WatchedShop {
  const traffic = startTraffic(shop.api);
  const ours = startProbe('Meterbridge, in a thread', shop.metrics);
  const stock = shop.stock === undefined ? undefined : startProbe('OpenTelemetry’s exporter (OTel)', shop.stock);
  const rates = createRates();
  const noting = setInterval(() => rates.note(ours.samples() ?? new Map()), noteEveryMs);

  function rowOf(series: string, recorded: Samples): Row {
    const values = { recorded: recorded.get(series), pulled: ours.samples()?.get(series), pushed: pushed()?.get(series) };
    return { series: shortName(series), ...values, stock: stock?.samples()?.get(stockName(series)), rate: rates.of(series) };
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
    group() {
      const recorded = traffic.recorded();
      const pulled = ours.samples();
      const requests = [...recorded.keys()].filter((series) => series.startsWith('shop_requests_total'));
      const answered = requests.reduce((sum, series) => sum + (recorded.get(series) ?? 0), 0);
      const speed = requests.reduce((sum, series) => sum + (rates.of(series) ?? 0), 0);
      const sizes = `${counted(pulled?.size ?? 0, 'series', 'series')} pulled, ${pushed()?.size ?? 0} pushed`;
      return {
        name: 'shop',
        state: `${counted(answered, 'request')} answered, ${shownRate(speed)} a second; ${sizes}`,
        stock: stock !== undefined,
        rows: [...[...recorded.keys()].sort(), inFlight].map((series) => rowOf(series, recorded)),
      };
    },
    scrapes: () => [ours, ...(stock === undefined ? [] : [stock])].map((probe) => probe.scrapes()),
    async settled() {
      await traffic.stop();
      return until(agree);
    },
    async stop() {
      clearInterval(noting);
      await Promise.all([ours.stop(), stock?.stop()]);
    },
  };
}

const settleWithinMs = 60_000;
const lookEveryMs = 100;

async function until(holds: () => boolean): Promise<boolean> {
  const from = performance.now();
  while (!holds() && performance.now() - from < settleWithinMs) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  return holds();
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
