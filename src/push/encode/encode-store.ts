/**
 * The store as OTLP requests, a slice of rows at a time: the event loop gets its turn between slices, and a request is sent before
 * the next is made, so that a big store needs the memory of one. What a scrape shows is what is sent, as totals or as what came since
 * the last push.
 */

import { createMetricsWriter, type EncodedRequest, type Encoding, type RequestLimits } from '../../otlp/index.ts';
import { isShown, readExemplars, readExponential, readMinMax, readQuantiles } from '../../store/index.ts';
import type { Cursor, FamilyView, SourceSpec, View, Visitor } from '../../store/store.ts';
import { type OtlpType, otlpTypeOf } from '../otlp-type.ts';
import type { Baseline } from './baseline.ts';
import type { SentSeries } from './sent-series.ts';

export interface EncodeOptions {
  readonly view: View;
  readonly encoding: Encoding;
  /** Canonical attribute bytes of the process's resource; sources with one of their own go out under that. */
  readonly resource: Uint8Array;
  /** The reader's. The sender of the requests reports to it when all have arrived. */
  readonly sent: SentSeries;
  /** What deltas count from; absent: everything is cumulative. The sender of the requests reports to it each that has arrived. */
  readonly baseline?: Baseline | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Milliseconds, by which ages are counted: the store's clock. */
  readonly ageClock: () => number;
  readonly limits?: RequestLimits;
}

/** As many points as the stock exporter's batches. A Collector takes 20 MiB, other receivers 4. */
const defaultLimits: RequestLimits = { points: 5_000, bytes: 3 * 1024 * 1024 };

/** Cells between two yields: well below 2 ms. A point as JSON costs ten times as much. */
const sliceCells = { protobuf: 4096, json: 512 } as const;

export interface StoreEncoder {
  /**
   * The requests of one push, each made when it is asked for, and good until the next one is. Families older than their `maxAgeMs` and kinds that OTLP cannot carry are left
   * out, families without any point too. One push at a time.
   */
  push(): AsyncGenerator<EncodedRequest, void, void>;
}

/**
 * Made once a reader, not once a push: optimized code refers to the objects that it has met, and a collection of garbage that takes them
 * throws it away, so that each push of an encoder of its own would begin slow.
 */
export function createStoreEncoder(options: EncodeOptions): StoreEncoder {
  const { view, encoding, resource, sent, baseline, clock, ageClock, limits = defaultLimits } = options;
  const writer = createMetricsWriter(encoding, limits);
  const place = { attributes: resource, from: 0, to: 0, startMs: 0, timeMs: 0 };
  const own: SourceSpec = { scope: { name: '' }, resource };
  let source: SourceSpec | undefined;
  /** Whether the points of the family whose rows are visited are deltas. */
  let delta = false;

  function head({ spec, source: from }: FamilyView, { type: called, monotonic }: OtlpType): void {
    const next = from.resource ?? own.resource;
    if (source === undefined || next !== (source.resource ?? own.resource)) {
      writer.resource({ attributes: next as Uint8Array });
      writer.scope(from.scope);
    } else if (!sameScope(source, from)) writer.scope(from.scope);
    source = from;
    const temporality = delta ? 'delta' : 'cumulative';
    writer.metric({ name: spec.name, description: spec.help, unit: spec.unit, type: called, temporality, monotonic });
  }

  const visitor: Visitor = {
    family(family) {
      const otlpType = otlpTypeOf(family.spec);
      if (otlpType === undefined || !isShown(family, ageClock())) {
        baseline?.keep(family);
        return false;
      }
      delta = baseline?.counts(family) ?? false;
      if (delta) baseline?.family(family);
      head(family, otlpType);
      sent.family(family);
      return true;
    },
    row(family, row, generation, cellAt) {
      sent.row(family, row, generation, place);
      const { rowLayout } = family;
      let { cells } = family;
      let at = cellAt;
      if (delta && baseline !== undefined) {
        if (!baseline.row(family, row, generation, cellAt, place)) return;
        cells = baseline.deltas;
        at = 0;
      } else {
        const start = family.start(row);
        place.startMs = start < place.timeMs ? start : place.timeMs;
        baseline?.other();
      }
      const exemplars = rowLayout.exemplars === 0 ? undefined : readExemplars(rowLayout, family.cells, cellAt, place.startMs);
      if (rowLayout.form === 'number') {
        writer.number(place, cells[at] as number, exemplars);
        return;
      }
      // A delta's extremes are unknown: the row keeps those of all time.
      const minMax = delta ? undefined : readMinMax(rowLayout, cells, at);
      const extras = exemplars === undefined ? minMax : { ...minMax, exemplars };
      if (rowLayout.form === 'histogram') writer.histogram(place, rowLayout.bounds, cells, at, cells[at + rowLayout.sum], extras);
      else if (rowLayout.form === 'exponential') writer.exponentialHistogram(place, readExponential(cells, at, rowLayout.shape), extras);
      else {
        const quantiles = delta || rowLayout.quantiles.length === 0 ? undefined : readQuantiles(rowLayout, cells, at);
        writer.summary(place, cells[at + rowLayout.count] as number, cells[at + rowLayout.sum] as number, quantiles);
      }
    },
  };

  /** An aborted push reuses no memory: its request may still be on its way. */
  function* handed(requests: readonly EncodedRequest[]): Generator<EncodedRequest, void, void> {
    for (const request of requests) {
      yield request;
      writer.reuse(request);
    }
  }

  async function* rows(): AsyncGenerator<EncodedRequest, void, void> {
    let cursor: Cursor | undefined;
    do {
      place.timeMs = clock();
      cursor = view.walk(visitor, cursor, sliceCells[encoding]);
      yield* handed(writer.full());
      if (cursor !== undefined) await new Promise((resolve) => setImmediate(resolve));
    } while (cursor !== undefined);
  }

  function gone(): void {
    place.timeMs = clock();
    delta = false;
    for (const { family, attributes, startMs } of sent.gone()) {
      // A delta covers its own time only: without one nothing was counted, and there is no last value to mark as stale.
      if (baseline?.counts(family)) continue;
      baseline?.other();
      // A metric each: a Collector's prometheus exporter does not read on behind the first point without a value.
      head(family, otlpTypeOf(family.spec) as OtlpType);
      place.attributes = attributes;
      place.from = 0;
      place.to = attributes.length;
      place.startMs = startMs;
      const { rowLayout } = family;
      // Prometheus marks the series of the buckets and the sum that the point has.
      if (rowLayout.form === 'histogram')
        writer.histogram(place, rowLayout.bounds, new Float64Array(rowLayout.bounds.length + 1), 0, 0, { gone: true });
      else writer.noRecordedValue(place);
    }
  }

  return Object.freeze<StoreEncoder>({
    async *push() {
      source = undefined;
      sent.begin();
      baseline?.begin();
      try {
        yield* rows();
        baseline?.end();
        gone();
        yield* handed(writer.end());
      } finally {
        writer.clear();
      }
    },
  });
}

/** Two sources of one scope (name, version, schema) are one scope in OTLP. */
function sameScope({ scope: a }: SourceSpec, { scope: b }: SourceSpec): boolean {
  return a.name === b.name && a.version === b.version && a.schemaUrl === b.schemaUrl;
}
