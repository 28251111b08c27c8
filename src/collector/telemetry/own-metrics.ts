/** Serves the service's own metrics to Prometheus, in text 0.0.4 only: OpenMetrics wants `_total` behind counters, and the Collector's have none. */
import { randomUUID } from 'node:crypto';
import { type Bridge, openBridge } from '../../bridge/bridge.ts';
import type { Address } from '../../config/schema/index.ts';
import { createRenderer } from '../../exposition/write/renderer.ts';
import { routed } from '../../http/routes.ts';
import { createScrape } from '../../pull/scrape.ts';
import { listenAt, type Opened } from '../listen-at.ts';
import type { Logger } from './logger.ts';
import { otelcolContract, seriesContract, targetContract } from './own-contract.ts';
import type { Tally } from './tally.ts';

export interface OwnMetrics {
  /** The URL of the metrics. */
  readonly url: string;
  close(): Promise<void>;
}

/** Rejects with LISTEN_FAILED. */
export async function serveOwnMetrics(tally: Tally, version: string, address: Address, log: Logger): Promise<OwnMetrics> {
  const { bridge, view, now } = openBridge(otelcolContract, { isolated: true, env: {}, log: (line) => log.warn(line) });
  observeTally(bridge, tally);
  bridge.register(targetContract).info.set({ service_instance_id: randomUUID(), service_name: 'meterbridge', service_version: version });
  const renderer = createRenderer(view, { clock: now, strategy: 'UnderscoreEscapingWithoutSuffixes' });
  const scrape = createScrape({ renderer, refresh: () => bridge.refresh(), defaultFormat: 'text', formats: ['text'] });
  let listener: Opened;
  try {
    listener = await listenAt(routed({ '/metrics': scrape }), address, { at: 'service.telemetry.metrics' });
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

function observeTally(bridge: Bridge<typeof otelcolContract>, tally: Tally): void {
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
      const { series, families, expired, resets, conflicts, notTaken } = state();
      o.set(own.series, series, { exporter });
      o.set(own.families, families, { exporter });
      o.set(own.seriesExpired, expired, { exporter });
      o.set(own.streamResets, resets, { exporter });
      o.set(own.conflicts, conflicts, { exporter });
      for (const [reason, points] of notTaken) o.set(own.pointsNotTaken, points, { exporter, reason });
    }
    for (const [reason, points] of tally.contract) o.set(own.contractBreaks, points, { reason });
    const { user, system } = process.cpuUsage();
    o.set(metrics.processUptime, process.uptime());
    o.set(metrics.processCpuSeconds, (user + system) / 1e6);
    o.set(metrics.processMemoryRss, process.memoryUsage.rss());
  });
}
