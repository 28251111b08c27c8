/** The service's own metrics as a node, so that a reload treats their readers like every other component. */
import { ownMetricsAddress, ownMetricsPushes, type Telemetry, telemetry } from '../../config/index.ts';
import type { Limits } from '../../limits.ts';
import type { MemoryBudget } from '../../memory/budget.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { OwnMetrics } from '../../telemetry/own-metrics.ts';
import { createRefusalLog } from '../../telemetry/refusal-log.ts';
import type { ServiceTally } from '../../telemetry/tally.ts';
import type { NodeParts } from './node.ts';

export interface OwnMetricsOptions {
  readonly tally: ServiceTally;
  readonly memory: MemoryBudget;
  readonly version: string;
  readonly log: Logger;
  readonly limits: Limits;
  listening(where: string): void;
}

/** Loaded only where they are configured: without them the service starts sooner. */
export function ownMetricsNode(
  settings: Telemetry,
  { tally, memory, version, log, limits, listening }: OwnMetricsOptions,
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
    text: JSON.stringify([metrics, resource]),
    addresses: address === undefined ? [] : [address],
    files: [],
    make() {
      const readers: OwnMetrics[] = [];
      const refusals = createRefusalLog(log);
      return {
        component: {
          async start() {
            const { serveOwnMetrics, pushOwnMetrics } = await import('../../telemetry/own-metrics.ts');
            const { ownAttributes } = await import('../../telemetry/own-attributes.ts');
            const source = { tally, memory, attributes: ownAttributes(settings.resource, version), log };
            if (address !== undefined) {
              const served = await serveOwnMetrics(source, address, { allowedHosts: limits.allowedHosts, refusal: refusals.add });
              readers.push(served);
              listening(served.url);
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
