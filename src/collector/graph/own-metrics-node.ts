/** The service's own metrics as a node, so that a reload treats their listener like every other. */
import { ownMetricsAddress, type Telemetry } from '../config/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Tally } from '../telemetry/tally.ts';
import type { NodeParts } from './node.ts';

export interface OwnMetricsOptions {
  readonly tally: Tally;
  readonly version: string;
  readonly log: Logger;
  listening(where: string): void;
}

/** Loaded only where they are asked for: without them the service starts sooner. */
export function ownMetricsNode(telemetry: Telemetry, { tally, version, log, listening }: OwnMetricsOptions): NodeParts | undefined {
  const address = ownMetricsAddress(telemetry);
  if (address === undefined) return undefined;
  const id = 'telemetry.metrics';
  return {
    kind: 'service',
    id,
    name: `service ${id}`,
    text: JSON.stringify(telemetry.metrics),
    addresses: [address],
    files: [],
    make() {
      let close = async () => {};
      return {
        component: {
          async start() {
            const { serveOwnMetrics } = await import('../telemetry/own-metrics.ts');
            const own = await serveOwnMetrics(tally, version, address, log);
            close = own.close;
            listening(own.url);
          },
          shutdown: () => close(),
        },
      };
    },
  };
}
