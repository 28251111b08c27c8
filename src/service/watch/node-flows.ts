/** What receivers took in and exporters let out, as the service's own metrics have it. */
import type { Meters } from '../../status/flow/meters.ts';
import type { ServiceTally } from '../telemetry/tally.ts';
import { type Metered, metersOf } from './edges.ts';

export interface NodeFlow extends Metered {
  /** When `taken` has grown last, in milliseconds since 1970; 0: never. */
  readonly lastTaken: number;
}

export interface NodeFlows {
  /** Brings them up to date. */
  read(): void;
  /** By a node's key. Undefined: nothing is counted of it. */
  of(key: string): NodeFlow | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads them once a second. */
export function createNodeFlows(meters: Meters, tally: ServiceTally): NodeFlows {
  const flows = new Map<string, Mutable<NodeFlow>>();

  function note(key: string, taken: number, refused: number, failed: number): void {
    const flow = flows.get(key) ?? create(key, { taken, refused, failed });
    if (taken > flow.taken) flow.lastTaken = meters.ticks.at;
    Object.assign(flow, { taken, refused, failed });
  }

  function create(key: string, counts: { taken: number; refused: number; failed: number }): Mutable<NodeFlow> {
    const flow = Object.assign(counts, { lastTaken: 0, meters: metersOf(meters, counts) });
    flows.set(key, flow);
    return flow;
  }

  function read(): void {
    for (const [id, transports] of tally.receivers) {
      const all = [...transports.values()];
      const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
      note(
        `receiver ${id}`,
        sum(({ accepted }) => accepted),
        sum(({ refused }) => refused),
        sum(({ failed }) => failed),
      );
    }
    for (const [id, { sent, failed, enqueueFailed }] of tally.exporters) note(`exporter ${id}`, sent, enqueueFailed, failed);
  }

  meters.eachSecond(read);
  return Object.freeze({
    read,
    of: (key: string) => flows.get(key),
  });
}
