/**
 * The store as OTLP requests, a slice of rows at a time: the event loop gets its turn between slices, and a request is sent before
 * the next is made, so that a big store needs the memory of one. Cumulative; what a scrape shows is what is sent.
 */

import type { Kind } from '../naming/kind.ts';

import { createMetricsWriter, type EncodedRequest, type Encoding, type MetricHead, type RequestLimits } from '../otlp/index.ts';
import type { Cursor, FamilyView, SourceSpec, View, Visitor } from '../store/store.ts';
import type { SentSeries } from './sent-series.ts';

export interface EncodeOptions {
  readonly view: View;
  readonly encoding: Encoding;
  /** Canonical attribute bytes of the process's resource; sources with one of their own go out under that. */
  readonly resource: Uint8Array;
  /** The reader's. Whoever sends the requests tells it when all have arrived. */
  readonly sent: SentSeries;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly limits?: RequestLimits;
}

/** As many points as the stock exporter's batches. A Collector takes 20 MiB, other receivers 4. */
const defaultLimits: RequestLimits = { points: 5_000, bytes: 3 * 1024 * 1024 };

/** Cells between two yields: well below 2 ms. A point as JSON costs ten times as much. */
const sliceCells = { protobuf: 4096, json: 512 } as const;

type Shape = Pick<MetricHead, 'type' | 'monotonic'>;
const gauge: Shape = { type: 'gauge', monotonic: false };

/**
 * The last four kinds follow the OpenTelemetry specification's "Prometheus and OpenMetrics Compatibility"; a gauge histogram has no
 * counterpart in OTLP and is left out.
 */
const shapes: Readonly<Record<Kind, Shape | undefined>> = {
  counter: { type: 'sum', monotonic: true },
  updowncounter: { type: 'sum', monotonic: false },
  gauge,
  histogram: { type: 'histogram', monotonic: false },
  summary: { type: 'summary', monotonic: false },
  info: gauge,
  unknown: gauge,
  stateset: gauge,
  gaugehistogram: undefined,
};

/** Families older than their `maxAgeMs` and kinds that OTLP cannot carry are left out, families without any point too. */
export async function* encodeStore(options: EncodeOptions): AsyncGenerator<EncodedRequest, void, void> {
  const { view, encoding, resource, sent, clock, limits = defaultLimits } = options;
  const writer = createMetricsWriter(encoding, limits);
  const place = { attributes: resource, from: 0, to: 0, startMs: 0, timeMs: clock() };
  const own: SourceSpec = { scope: { name: '' }, resource };
  let source: SourceSpec | undefined;
  let type: MetricHead['type'] = 'gauge';

  function head(family: FamilyView, { type: called, monotonic }: Shape): void {
    const { spec } = family;
    const next = family.source.resource ?? own.resource;
    if (source === undefined || next !== (source.resource ?? own.resource)) {
      writer.resource({ attributes: next as Uint8Array });
      writer.scope(family.source.scope);
    } else if (!sameScope(source, family.source)) writer.scope(family.source.scope);
    source = family.source;
    type = called;
    writer.metric({ name: spec.name, description: spec.help, unit: spec.unit, type, temporality: 'cumulative', monotonic });
  }

  const visitor: Visitor = {
    family(family) {
      const shape = shapes[family.spec.kind];
      if (shape === undefined || !isShown(family, place.timeMs)) return false;
      head(family, shape);
      sent.family(family);
      return true;
    },
    row(family, row, generation, cellAt) {
      const { cells } = family;
      sent.row(family, row, generation, place);
      place.startMs = Math.min(family.start(row), place.timeMs);
      if (type === 'histogram') {
        const bounds = family.spec.bounds ?? [];
        writer.histogram(place, bounds, cells, cellAt, cells[cellAt + bounds.length + 1]);
      } else if (type === 'summary') writer.summary(place, cells[cellAt] as number, cells[cellAt + 1] as number);
      else writer.number(place, cells[cellAt] as number);
    },
  };

  sent.begin();
  let cursor: Cursor | undefined;
  do {
    place.timeMs = clock();
    cursor = view.walk(visitor, cursor, sliceCells[encoding]);
    yield* writer.full();
    if (cursor !== undefined) await new Promise((resolve) => setImmediate(resolve));
  } while (cursor !== undefined);

  place.timeMs = clock();
  for (const { family, identity, startMs } of sent.gone()) {
    // A metric each: a Collector's prometheus exporter does not read on behind the first point without a value.
    head(family, shapes[family.spec.kind] ?? gauge);
    place.attributes = identity;
    place.from = 0;
    place.to = identity.length;
    place.startMs = startMs;
    writer.noRecordedValue(place);
  }
  yield* writer.end();
}

function isShown(family: FamilyView, now: number): boolean {
  return family.goodAt !== Number.NEGATIVE_INFINITY && now - family.goodAt <= family.spec.maxAgeMs;
}

/** Two sources of one scope (name, version, schema) are one scope in OTLP. */
function sameScope({ scope: a }: SourceSpec, { scope: b }: SourceSpec): boolean {
  return a.name === b.name && a.version === b.version && a.schemaUrl === b.schemaUrl;
}
