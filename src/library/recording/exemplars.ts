/**
 * The exemplars of one metric: the measurement that represents its bucket or series (Metrics SDK, "Exemplar"). The reservoirs are
 * AlignedHistogramBucket and SimpleFixedSize of size one, and of exponential buckets one for each share of them; all sample
 * uniformly within one collection.
 */
import type { Context, SpanContext } from '@opentelemetry/api';
import { isSampled, writeExemplar, writeReceivedExemplar } from '../../core/store/cells/exemplar-cells.ts';
import { noText, type TextBytes } from '../../core/store/cells/exemplar-text.ts';
import { exponentialExemplar } from '../../core/store/cells/exponential-index.ts';
import { exemplarAt } from '../../core/store/index.ts';
import type { Family, Row } from '../../core/store/store.ts';
import { bucketSearch } from './bucket-search.ts';
import type { ExemplarFilter, Exemplars } from './engine.ts';
import { filteredAttributes } from './filtered-attributes.ts';
import { api } from './otel-api/api.ts';

export const DEFAULT_EXEMPLAR_FILTER: ExemplarFilter = 'trace_based';

/**
 * Whether an instrument that nobody asked about exemplars has them. Without a context manager no measurement is in a span, and
 * then they take neither memory nor time: the manager has to be there when the instrument is made.
 */
export function keepsExemplars(filter: ExemplarFilter): boolean {
  return filter === 'always_on' || (filter === 'trace_based' && hasContexts());
}

/** Undefined for a family without exemplars. `clock` returns milliseconds since the epoch. */
export function createExemplars(family: Family, clock: () => number, filter: ExemplarFilter): Exemplars | undefined {
  const { rowLayout, stride } = family;
  if (rowLayout.exemplars === 0 || filter === 'always_off') return undefined;
  const all = filter === 'always_on';
  const bounds = Float64Array.from(rowLayout.form === 'histogram' ? rowLayout.bounds : []);
  const bucketOf = bucketSearch(bounds);
  /** Of the current measurement; a caller's getter may start another one within it. */
  let span: SpanContext | undefined;
  let attributes: unknown;

  function textOf(row: Row): TextBytes {
    if (rowLayout.exemplarText === 0) return noText;
    try {
      // A contract's rows have the labels of the contract, whose names need not be made for each.
      const { labels } = family.spec;
      return filteredAttributes(attributes, labels.length > 0 ? labels : family.labels(row).names, rowLayout.exemplarText);
    } catch {
      return noText;
    }
  }

  function placeOf(value: number): number {
    return rowLayout.form === 'exponential' ? exponentialExemplar(value) : bucketOf(bounds, value);
  }

  return Object.freeze<Exemplars>({
    measure: (inner) => (value, labels, given) => {
      const outer = span;
      const outerAttributes = attributes;
      span = spanOf(given, all);
      attributes = labels;
      inner(value, labels);
      span = outer;
      attributes = outerAttributes;
    },
    bound: (inner, labels) => (value) => {
      const outer = span;
      const outerAttributes = attributes;
      span = spanOf(undefined, all);
      attributes = labels;
      inner(value);
      span = outer;
      attributes = outerAttributes;
    },
    offer(row, value) {
      if (span === undefined && !all) return;
      const { cells } = family;
      const at = row * stride + exemplarAt(rowLayout, placeOf(value));
      if (!isSampled(cells, at, family.currentWalk())) return;
      if (span !== undefined) writeExemplar(cells, at, value, clock(), span.traceId, span.spanId, textOf(row));
      else {
        withoutIds.value = value;
        withoutIds.timeMs = clock();
        writeReceivedExemplar(cells, at, withoutIds, textOf(row));
      }
    },
  });
}

/** One for all, so that none is made. */
const withoutIds = { value: 0, timeMs: 0, bytes: new Uint8Array(0), traceAt: -1, spanAt: -1 };

/**
 * The span of a measurement, only if it is sampled or `all` count. Undefined also when the caller's context manager throws, or
 * when the given value is not a context.
 */
function spanOf(given: Context | undefined, all: boolean): SpanContext | undefined {
  try {
    const { context, trace, TraceFlags, isSpanContextValid } = api();
    const span = trace.getSpanContext(given ?? context.active());
    if (span === undefined) return undefined;
    return (all ? isSpanContextValid(span) : (span.traceFlags & TraceFlags.SAMPLED) !== 0) ? span : undefined;
  } catch {
    return undefined;
  }
}

/** The API does not say whether somebody has registered a manager, but without one no context becomes the active one. */
function hasContexts(): boolean {
  try {
    const { context, ROOT_CONTEXT, createContextKey } = api();
    const key = createContextKey('meterbridge');
    return context.with(ROOT_CONTEXT.setValue(key, true), () => context.active().getValue(key) === true);
  } catch {
    return false;
  }
}
