/** The service's own metrics as a node, so that a reload treats their readers like every other component. */

import type { Handler } from '../../../net/http/exchange.ts';
import { ownMetricsAddress, ownMetricsPushes, type Telemetry, telemetry } from '../../config/index.ts';
import type { Limits } from '../../limits.ts';
import type { MemoryBudget } from '../../memory/budget.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { OwnMetrics } from '../../telemetry/own-metrics.ts';
import { createRefusalLog } from '../../telemetry/refusal-log.ts';
import type { ServiceTally } from '../../telemetry/tally.ts';
import { createNodeFacts, notingAddresses, notingErrors } from '../../watch/node-facts.ts';
import { notingRefusals } from '../../watch/noting-refusals.ts';
import type { Watch } from '../../watch/watch.ts';
import type { NodeParts } from './node.ts';

export interface OwnMetricsOptions {
  readonly tally: ServiceTally;
  readonly memory: MemoryBudget;
  readonly version: string;
  readonly log: Logger;
  readonly limits: Limits;
  readonly clock: () => number;
  readonly watch: Watch;
  listening(where: string): void;
}

/** Loaded only where they are configured: without them the service starts sooner. */
export function ownMetricsNode(
  settings: Telemetry,
  { tally, memory, version, log, limits, listening, clock, watch }: OwnMetricsOptions,
): NodeParts | undefined {
  const address = ownMetricsAddress(settings);
  const pushes = ownMetricsPushes(settings);
  if (address === undefined && pushes.length === 0) return undefined;
  const id = 'telemetry.metrics';
  const { metrics, resource } = telemetry.print(settings, true) as Readonly<Record<string, unknown>>;
  return {
    kind: 'service',
    id,
    name: `service ${id}`,
    type: 'telemetry',
    settings: () => telemetry.print(settings, false),
    text: JSON.stringify([metrics, resource]),
    addresses: address === undefined ? [] : [address],
    files: [],
    make() {
      const readers: OwnMetrics[] = [];
      const facts = createNodeFacts(clock());
      const own = notingErrors(log, facts, clock);
      const refusals = createRefusalLog(log);
      const refusal = notingRefusals(refusals.add, `service ${id}`, watch, facts);
      const tell = notingAddresses(listening, facts);
      return {
        facts,
        component: {
          async start() {
            const { serveOwnMetrics, pushOwnMetrics } = await import('../../telemetry/own-metrics.ts');
            const { ownAttributes } = await import('../../telemetry/own-attributes.ts');
            const source = { tally, memory, attributes: ownAttributes(settings.resource, version), log: own };
            if (address !== undefined) {
              const watching = (handler: Handler) => watch.scrapes.watching(`service ${id}`, handler);
              const served = await serveOwnMetrics(source, address, { allowedHosts: limits.allowedHosts, refusal, watching });
              readers.push(served);
              tell(served.url);
            }
            for (const push of pushes) readers.push(pushOwnMetrics(source, push));
          },
          async shutdown() {
            await Promise.all(readers.map((reader) => reader.close()));
            refusals.close();
          },
        },
      };
    },
  };
}
