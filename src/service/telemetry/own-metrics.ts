/**
 * The service's own metrics: served to Prometheus, in text 0.0.4 only, because OpenMetrics requires `_total` at the end of
 * counters' names and the Collector's have none; pushed by OTLP.
 */
import type { Address } from '../../core/config/schema/index.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { mostPemBytes, readText } from '../../core/node/read-text.ts';
import { otelcolContract, seriesContract } from '../../core/self/service-contract.ts';
import { createRenderer } from '../../formats/exposition/write/renderer.ts';
import { type Bridge, type OpenBridge, openBridge } from '../../library/bridge/bridge.ts';
import type { BridgeOptions } from '../../library/bridge/options.ts';
import type { Handler } from '../../net/http/exchange.ts';
import { routed } from '../../net/http/routes.ts';
import { type ListenAtOptions, listenAt, type Opened } from '../../net/listen/listen-at.ts';
import { createScrape } from '../../net/pull/scrape.ts';
import { type OwnPush, pushUrl } from '../config/index.ts';
import type { MemoryBudget } from '../memory/budget.ts';
import type { Logger } from './logger.ts';
import { targetContract, targetLabels } from './own-attributes.ts';
import type { ServiceTally } from './tally.ts';

export interface OwnMetrics {
  close(): Promise<void>;
}

/** What a reader of the own metrics is made of. */
export interface OwnMetricsSource {
  readonly tally: ServiceTally;
  readonly memory: Pick<MemoryBudget, 'used' | 'limit'>;
  /** Of the service's resource. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly log: Logger;
}

type Push = NonNullable<BridgeOptions['push']>;

/** A last push may take so long, in milliseconds: the service ends within 5 s, and its exporters come first. */
const lastPushMs = 1_000;

/** Rejects with LISTEN_FAILED. */
export async function serveOwnMetrics(
  source: OwnMetricsSource,
  address: Address,
  { watching, ...guard }: Pick<ListenAtOptions, 'allowedHosts' | 'refusal'> & { watching(scrape: Handler): Handler },
): Promise<OwnMetrics & { readonly url: string }> {
  const { bridge, view, now } = open(source, false, {});
  const labels = targetLabels(source.attributes);
  bridge.register(targetContract(Object.keys(labels))).info.set(labels);
  const renderer = createRenderer(view, { clock: now, strategy: 'UnderscoreEscapingWithoutSuffixes' });
  const scrape = createScrape({ renderer, refresh: () => bridge.refresh(), defaultFormat: 'text', formats: ['text'] });
  let listener: Opened;
  try {
    listener = await listenAt(routed({ '/metrics': watching(scrape) }), address, { at: 'service.telemetry.metrics', ...guard });
  } catch (error) {
    await bridge.close();
    throw error;
  }
  return Object.freeze({
    url: `${listener.origin}/metrics`,
    async close() {
      await listener.close();
      await bridge.close();
    },
  });
}

/** Pushes at the interval, and once more at the end. @throws COLLECTOR_CONFIG_INVALID, PUSH_CONFIG_INVALID */
export function pushOwnMetrics(source: OwnMetricsSource, { intervalMs, timeoutMs, otlp, at }: OwnPush): OwnMetrics {
  const url = pushUrl(otlp);
  // As in the Collector: a URL with a path is used as it is.
  const endpoint = /^https?:\/\/[^/]+$/.test(url) ? { endpoint: url } : { metricsEndpoint: url };
  const push: Push = {
    ...endpoint,
    headers: Object.fromEntries(otlp.headers),
    intervalMs,
    timeoutMs: Math.min(otlp.timeout, timeoutMs),
    compression: otlp.compression,
    protocol: 'http/protobuf',
    temporality: otlp.temporality_preference,
    resource: source.attributes,
  };
  const { bridge } = open(source, push, certificatesOf(otlp, at));
  return Object.freeze({ close: () => bridge.close() });
}

/** A push reads the paths of certificates from variables. */
function certificatesOf({ certificate, client_certificate, client_key }: OwnPush['otlp'], at: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, path] of Object.entries({ certificate, client_certificate, client_key })) {
    if (path === undefined || path === '') continue;
    const read = readText(path, mostPemBytes);
    if (!read.ok) {
      const got = `${JSON.stringify(path)}, ${read.got}`;
      throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', [{ at: `${at}.${key}`, got, rule: read.rule, fix: read.fix }]);
    }
    env[`OTEL_EXPORTER_OTLP_${key.toUpperCase()}`] = path;
  }
  return env;
}

function open({ tally, memory, log }: OwnMetricsSource, push: Push, env: Record<string, string>): OpenBridge {
  const opened = openBridge(otelcolContract, { isolated: true, push, env, log: (line) => log.warn(line) }, { lastPushMs });
  observeTally(opened.bridge as unknown as Bridge<typeof otelcolContract>, tally, memory);
  return opened;
}

function observeTally(bridge: Bridge<typeof otelcolContract>, tally: ServiceTally, memory: OwnMetricsSource['memory']): void {
  const { metrics } = bridge;
  const own = bridge.register(seriesContract);
  bridge.observe(Object.values({ ...metrics, ...own }), (o) => {
    for (const [receiver, transports] of tally.receivers) {
      for (const [transport, { accepted, refused, failed }] of transports) {
        const labels = { receiver, transport };
        o.set(metrics.receiverAcceptedMetricPoints, accepted, labels);
        o.set(metrics.receiverRefusedMetricPoints, refused, labels);
        o.set(metrics.receiverFailedMetricPoints, failed, labels);
      }
    }
    for (const [exporter, { sent, failed, enqueueFailed, queue, state }] of tally.exporters) {
      o.set(metrics.exporterSentMetricPoints, sent, { exporter });
      o.set(metrics.exporterSendFailedMetricPoints, failed, { exporter });
      if (queue !== undefined) {
        const { size, capacity } = queue();
        o.set(metrics.exporterEnqueueFailedMetricPoints, enqueueFailed, { exporter });
        o.set(metrics.exporterQueueSize, size, { exporter, data_type: 'metrics' });
        o.set(metrics.exporterQueueCapacity, capacity, { exporter, data_type: 'metrics' });
      }
      if (state === undefined) continue;
      const {
        series,
        families,
        expired,
        resets,
        gaps = 0,
        silent = 0,
        forgotten = 0,
        conflicts,
        omitted = 0,
        exemplarLabels = 0,
        notTaken,
      } = state();
      o.set(own.series, series, { exporter });
      o.set(own.families, families, { exporter });
      o.set(own.seriesExpired, expired, { exporter });
      o.set(own.streamResets, resets, { exporter });
      o.set(own.deltaGaps, gaps, { exporter });
      o.set(own.silentTotals, silent, { exporter });
      o.set(own.silentTotalsForgotten, forgotten, { exporter });
      o.set(own.conflicts, conflicts, { exporter });
      o.set(own.resourcesOmitted, omitted, { exporter });
      o.set(own.exemplarLabelsOmitted, exemplarLabels, { exporter });
      for (const [reason, points] of notTaken) o.set(own.pointsNotTaken, points, { exporter, reason });
    }
    for (const [filter, points] of tally.filters) o.set(metrics.filteredMetricPoints, points, { filter });
    for (const [reason, points] of tally.contract) o.set(own.contractBreaks, points, { reason });
    o.set(own.memoryHeldBytes, memory.used);
    o.set(own.memoryLimitBytes, memory.limit);
    const { user, system } = process.cpuUsage();
    o.set(metrics.processUptime, process.uptime());
    o.set(metrics.processCpuSeconds, (user + system) / 1e6);
    o.set(metrics.processMemoryRss, process.memoryUsage.rss());
  });
}
