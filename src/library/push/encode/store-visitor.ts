/**
 * Writes the store's families and rows as metrics and points: what a scrape shows, as totals or as what came since the last push.
 */
import {
  type ExponentialPart,
  type Histograms,
  hasValue,
  isShown,
  readExemplars,
  readExponential,
  readMinMax,
  readQuantiles,
} from '../../../core/store/index.ts';
import type { FamilyView, SourceSpec, Visitor } from '../../../core/store/store.ts';
import { type Exemplar, encodeAttributes, type MetricsWriter } from '../../../formats/otlp/index.ts';
import { hasNegative } from '../has-negative.ts';
import { type OtlpType, otlpTypeOf } from '../otlp-type.ts';
import type { Baseline } from './baseline.ts';
import type { GoneSeries } from './gone-series.ts';
import type { SentSeries } from './sent-series.ts';

export interface StoreVisitorOptions {
  /** Canonical attribute bytes of the process's resource; sources with one of their own go out under that. */
  readonly resource: Uint8Array;
  /** The reader's. The sender of the requests reports to it when all have arrived. */
  readonly sent: SentSeries;
  /** What deltas count from; absent: everything is cumulative. The sender of the requests reports to it each that has arrived. */
  readonly baseline?: Baseline | undefined;
  /** Milliseconds, by which ages are counted: the store's clock. */
  readonly ageClock: () => number;
  /** Which of a histogram that has both. Default `exponential`. */
  readonly histograms?: Histograms;
  /** Called for each point that is left out, because its counts do not fit the integers of the wire, or a counter is negative. */
  readonly onLeftOut?: ((family: FamilyView) => void) | undefined;
}

export interface StoreVisitor extends Visitor {
  /** A push begins. */
  begin(): void;
  /** Of the points that follow, ms since the epoch. */
  setTime(ms: number): void;
  /** A point without a value, which ends a series. */
  gone(series: GoneSeries): void;
}

export function createStoreVisitor(writer: MetricsWriter, options: StoreVisitorOptions): StoreVisitor {
  const { resource, sent, baseline, ageClock, histograms = 'exponential', onLeftOut } = options;
  const header = { attributes: resource, from: 0, to: 0, startMs: 0, timeMs: 0 };
  let source: SourceSpec | undefined;
  /** Whether the points of the family whose rows are visited are deltas. */
  let delta = false;

  function head({ spec, source: next }: FamilyView, { type, monotonic }: OtlpType): void {
    const attributes = next.resource ?? resource;
    if (source === undefined || attributes !== (source.resource ?? resource)) {
      writer.resource({ attributes });
      writer.scope(next.scope);
    } else if (!isSameScope(source, next)) writer.scope(next.scope);
    source = next;
    const temporality = delta ? 'delta' : 'cumulative';
    writer.metric({ name: spec.name, description: spec.help, unit: spec.unit, type, temporality, monotonic });
  }

  /** `cells[at]` and on: totals or deltas. */
  function point({ rowLayout }: FamilyView, cells: Float64Array, at: number, exemplars: readonly Exemplar[] | undefined): void {
    if (rowLayout.form === 'number') {
      writer.number(header, cells[at] as number, exemplars);
      return;
    }
    // A delta's extremes are unknown: the row keeps those of all time.
    const minMax = delta ? undefined : readMinMax(rowLayout, cells, at);
    const extras = exemplars === undefined ? minMax : { ...minMax, exemplars };
    const exponential = partOf(rowLayout, histograms);
    if (exponential !== undefined) {
      writer.exponentialHistogram(header, readExponential(cells, at + exponential.at, exponential.shape), extras);
    } else if (rowLayout.form === 'histogram') {
      const { bounds, sum, hasSum } = rowLayout;
      const total = cells[at + sum] as number;
      writer.histogram(header, bounds, cells, at, hasSum && !hasNegative(bounds, cells, at, total) ? total : undefined, extras);
    } else if (rowLayout.form === 'summary') {
      const quantiles = delta || rowLayout.quantiles.length === 0 ? undefined : readQuantiles(rowLayout, cells, at);
      writer.summary(header, cells[at + rowLayout.count] as number, cells[at + rowLayout.sum] as number, quantiles);
    }
  }

  return Object.freeze<StoreVisitor>({
    begin() {
      source = undefined;
    },
    setTime(ms) {
      header.timeMs = ms;
    },
    family(family) {
      const otlpType = otlpTypeOf(family.spec, histograms);
      if (otlpType === undefined || !isShown(family, ageClock())) {
        baseline?.keep(family);
        return false;
      }
      delta = baseline?.counts(family) ?? false;
      if (delta) baseline?.family(family, header.timeMs);
      head(family, otlpType);
      sent.family(family);
      return true;
    },
    row(family, row, generation, cellAt) {
      // Before anything counts it: what is accepted is told by the number of points written, and a receiver is told that the
      // series is gone.
      if (!hasValue(family.spec.kind, family.rowLayout, family.cells, cellAt, histograms)) {
        if (delta) baseline?.skip(row);
        onLeftOut?.(family);
        return;
      }
      sent.row(family, row, generation, header);
      const { rowLayout } = family;
      let { cells } = family;
      let at = cellAt;
      if (delta && baseline !== undefined) {
        if (!baseline.row(family, row, generation, cellAt, header)) return;
        cells = baseline.deltas;
        at = 0;
      } else {
        const start = family.start(row);
        header.startMs = start < header.timeMs ? start : header.timeMs;
        baseline?.other();
      }
      point(family, cells, at, rowLayout.exemplars === 0 ? undefined : exemplarsOf(family, cellAt, header.startMs));
    },
    gone({ family, attributes, startMs }) {
      // A delta covers its own time only: without one nothing was counted, and there is no last value to mark as stale.
      if (baseline?.counts(family)) return;
      baseline?.other();
      delta = false;
      // A metric each: a Collector's prometheus exporter does not read on behind the first point without a value.
      head(family, otlpTypeOf(family.spec, histograms) as OtlpType);
      header.attributes = attributes;
      header.from = 0;
      header.to = attributes.length;
      header.startMs = startMs;
      const { rowLayout } = family;
      // Prometheus marks the series of the buckets and the sum that the point has.
      if (rowLayout.form === 'histogram' && partOf(rowLayout, histograms) === undefined)
        writer.histogram(header, rowLayout.bounds, new Float64Array(rowLayout.bounds.length + 1), 0, 0, { gone: true });
      else writer.noRecordedValue(header);
    },
  });
}

/** The exponential buckets that are sent of a row; undefined: none are. */
function partOf({ form, exponential }: FamilyView['rowLayout'], histograms: Histograms): ExponentialPart | undefined {
  return form === 'exponential' || histograms === 'exponential' ? exponential : undefined;
}

function exemplarsOf({ rowLayout, cells }: FamilyView, cellAt: number, sinceMs: number): readonly Exemplar[] | undefined {
  return readExemplars(rowLayout, cells, cellAt, sinceMs)?.map(({ labels, ...exemplar }) =>
    labels === undefined ? exemplar : { ...exemplar, filteredAttributes: encodeAttributes(Object.fromEntries(labels)) },
  );
}

/** Two sources of one scope (name, version, schema) are one scope in OTLP. */
function isSameScope({ scope: a }: SourceSpec, { scope: b }: SourceSpec): boolean {
  return a.name === b.name && a.version === b.version && a.schemaUrl === b.schemaUrl;
}
