/**
 * Keeps the series of an exporter over a restart: what it takes goes to the log first, and scrapes wait until what was kept is
 * loaded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler } from '../../../net/http/exchange.ts';
import { plainReply } from '../../../net/http/plain-reply.ts';
import { scrapeDeadline } from '../../../net/pull/index.ts';
import type { Consume } from '../../component.ts';
import { createKeptSeries, type KeptSeries } from '../../keep/kept-series.ts';
import { createKeptTime, systemClocks } from '../../keep/kept-time.ts';
import type { KeepingContext } from '../../keep/open-keep.ts';
import type { Received } from '../../received/index.ts';
import type { PrometheusSettings } from './config.ts';

export interface Keeping {
  /** Those of what is taken, or repeated, now. */
  readonly clocks: { readonly clock: () => number; readonly wallClock: () => number };
  /** Loads what was kept. @throws UnknownVersion, and errors of the system */
  start(received: Received): Promise<void>;
  readonly take: Consume;
  /** Never shows a part. */
  whenLoaded(scrape: Handler): Handler;
  readonly bytes: number;
  stop(): void;
  close(): Promise<void>;
}

/** What a scrape waits for the series at most, in milliseconds: Prometheus has 10 s by default. */
const mostWaitMs = 9_000;

export function createKeeping(
  keep: NonNullable<KeepingContext['keep']>,
  settings: PrometheusSettings,
  context: KeepingContext,
): Keeping {
  const { log, refusal, fail } = context;
  const time = createKeptTime(systemClocks());
  let current = time.stamp();
  let kept: KeptSeries | undefined;

  async function waited(ms: number): Promise<boolean> {
    const given = new AbortController();
    await Promise.race([kept?.loaded, sleep(ms, undefined, { signal: given.signal, ref: false }).catch(() => {})]);
    given.abort();
    return kept?.isLoaded === true;
  }

  return Object.freeze<Keeping>({
    clocks: { clock: () => current.at, wallClock: () => current.day },
    async start(received) {
      const logs = await keep();
      const at = (stamp: typeof current) => {
        current = stamp;
      };
      try {
        const expireAfterMs = settings.metric_expiration;
        kept = await createKeptSeries({ received, logs, time, log, names: namesOf(settings), expireAfterMs, at, refusal, fail });
      } catch (error) {
        await logs.close();
        throw error;
      }
    },
    take(batch) {
      if (kept === undefined) throw new Error('BUG: a batch for an exporter that has not started');
      return kept.take(batch);
    },
    whenLoaded: (scrape) => async (request) => {
      const isLoaded =
        kept?.isLoaded === true ||
        (await waited(scrapeDeadline(request.header('x-prometheus-scrape-timeout-seconds'), mostWaitMs)));
      return isLoaded ? scrape(request) : plainReply(503, 'series that were kept are being loaded', { 'retry-after': '1' });
    },
    get bytes() {
      return kept?.bytes ?? 0;
    },
    stop: () => kept?.stop(),
    async close() {
      await kept?.close();
    },
  });
}

/** With other ones, names that were the first of several need not be. */
function namesOf(settings: PrometheusSettings): string {
  const { namespace, translation_strategy, const_labels, resource_to_telemetry_conversion, without_scope_info } = settings;
  return JSON.stringify([
    namespace,
    translation_strategy,
    [...const_labels],
    resource_to_telemetry_conversion,
    without_scope_info,
  ]);
}
