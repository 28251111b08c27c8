/**
 * The store as OTLP requests, a slice of rows at a time: the event loop gets its turn between slices, and a request is sent
 * before the next is made, so that a big store needs the memory of one.
 */

import type { Cursor, View } from '../../../core/store/store.ts';
import { createMetricsWriter, type EncodedRequest, type RequestLimits } from '../../../formats/otlp/index.ts';
import { createStoreVisitor, type StoreVisitorOptions } from './store-visitor.ts';

export interface EncodeOptions extends StoreVisitorOptions {
  readonly view: View;
  readonly encoding: 'protobuf' | 'json';
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly limits?: RequestLimits;
}

/** As many points as the stock exporter's batches. A Collector takes 20 MiB, other receivers 4. */
const defaultLimits: RequestLimits = { points: 5_000, bytes: 3 * 1024 * 1024 };

/** How much longer a point is as JSON, where its labels need few escapes. */
const jsonFactor = 4;

/** Cells between two yields: well below 2 ms. */
const sliceCells = 4096;

export interface StoreEncoder {
  /**
   * The requests of one push, each made when it is requested, and valid until the next one is. Families older than their
   * `maxAgeMs` and kinds that OTLP cannot carry are left out, families without any point too. One push at a time.
   */
  push(): AsyncGenerator<EncodedRequest, void, void>;
}

/**
 * Made once a reader, not once a push: optimized code refers to the objects that it has seen, and a collection of garbage that
 * takes them throws it away, so that each push of an encoder of its own would begin slow.
 */
export function createStoreEncoder(options: EncodeOptions): StoreEncoder {
  const { view, encoding, sent, baseline, clock, limits = defaultLimits } = options;
  const writer = createMetricsWriter(encoding === 'json' ? { ...limits, bytes: limits.bytes / jsonFactor } : limits);
  const visitor = createStoreVisitor(writer, options);

  /** An aborted push reuses no memory: its request may still be on its way. */
  async function* handed(requests: readonly EncodedRequest[]): AsyncGenerator<EncodedRequest, void, void> {
    for (const request of requests) {
      yield encoding === 'json' ? { ...request, bytes: await asJson(request.bytes) } : request;
      writer.reuse(request);
    }
  }

  async function* rows(): AsyncGenerator<EncodedRequest, void, void> {
    let cursor: Cursor | undefined;
    do {
      visitor.setTime(clock());
      cursor = view.walk(visitor, cursor, sliceCells);
      yield* handed(writer.full());
      if (cursor !== undefined) await turn();
    } while (cursor !== undefined);
  }

  return Object.freeze<StoreEncoder>({
    async *push() {
      visitor.begin();
      sent.begin();
      baseline?.begin();
      try {
        yield* rows();
        baseline?.end();
        visitor.setTime(clock());
        for (const series of sent.gone()) visitor.gone(series);
        yield* handed(writer.end());
      } finally {
        writer.clear();
      }
    },
  });
}

async function asJson(request: Uint8Array): Promise<Uint8Array> {
  const { protobufToJson } = await import('../../../formats/otlp/json/from-protobuf.ts');
  const writing = protobufToJson(request);
  for (;;) {
    const { done, value } = writing.next();
    if (done) return value;
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
