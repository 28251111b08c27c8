/** What the service counts of itself. Plain numbers, so that a batch costs two additions. */
import type { QueueState, SeriesState, Transport } from '../component.ts';

export interface ReceiverTally {
  accepted: number;
  refused: number;
  failed: number;
}

export interface ExporterTally {
  sent: number;
  failed: number;
  enqueueFailed: number;
  /** Of an exporter with a queue. */
  queue: (() => QueueState) | undefined;
  /** Of an exporter that keeps series. */
  state: (() => SeriesState) | undefined;
}

export interface ServiceTally {
  /** By id and transport; made where a receiver reports its first points. */
  receiver(id: string, transport: Transport): ReceiverTally;
  exporter(id: string): ExporterTally;
  /** Points that a filter has dropped, by its id; of a filter with rules, from its first batch on. */
  readonly filters: Map<string, number>;
  /** Points that break the contract, by reason. */
  readonly contract: Map<string, number>;
  readonly receivers: ReadonlyMap<string, ReadonlyMap<Transport, ReceiverTally>>;
  readonly exporters: ReadonlyMap<string, ExporterTally>;
}

export function createServiceTally(): ServiceTally {
  const receivers = new Map<string, Map<Transport, ReceiverTally>>();
  const exporters = new Map<string, ExporterTally>();
  return Object.freeze({
    filters: new Map<string, number>(),
    contract: new Map<string, number>(),
    receivers,
    exporters,
    receiver(id: string, transport: Transport) {
      const transports = receivers.get(id) ?? new Map<Transport, ReceiverTally>();
      receivers.set(id, transports);
      const tally = transports.get(transport) ?? { accepted: 0, refused: 0, failed: 0 };
      transports.set(transport, tally);
      return tally;
    },
    exporter(id: string) {
      const tally = exporters.get(id) ?? { sent: 0, failed: 0, enqueueFailed: 0, queue: undefined, state: undefined };
      exporters.set(id, tally);
      return tally;
    },
  });
}
