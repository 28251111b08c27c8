/**
 * The exemplars of one metric: the measurement inside a sampled span that represents its bucket or counter (Metrics SDK, "Exemplar"). The
 * filter is the default, TraceBased. The reservoirs are AlignedHistogramBucket and SimpleFixedSize of size one, and of
 * exponential buckets one for each share of them; all sample uniformly within one collection. Exemplars omit attributes that *admit* dropped: these are unbounded, and the span has them anyway.
 */
import type { Context, SpanContext } from '@opentelemetry/api';
import { isSampled, writeExemplar } from '../store/cells/exemplar-cells.ts';
import { exponentialExemplar } from '../store/cells/exponential-index.ts';
import { exemplarAt } from '../store/index.ts';
import type { Family } from '../store/store.ts';
import { bucketSearch } from './bucket-search.ts';
import type { Exemplars } from './engine.ts';
import { api } from './otel-api/api.ts';

/** Undefined for a family without exemplars. `clock` returns milliseconds since the epoch. */
export function createExemplars(family: Family, clock: () => number): Exemplars | undefined {
  const { rowLayout, stride } = family;
  if (rowLayout.exemplars === 0) return undefined;
  const bounds = Float64Array.from(rowLayout.form === 'histogram' ? rowLayout.bounds : []);
  const bucketOf = bucketSearch(bounds);
  /** Of the current measurement; a caller's getter may start another one within it. */
  let span: SpanContext | undefined;

  function placeOf(value: number): number {
    return rowLayout.form === 'exponential' ? exponentialExemplar(value) : bucketOf(bounds, value);
  }

  return Object.freeze<Exemplars>({
    measure: (inner) => (value, labels, given) => {
      const outer = span;
      span = sampledSpan(given);
      inner(value, labels);
      span = outer;
    },
    bound: (inner) => (value) => {
      const outer = span;
      span = sampledSpan();
      inner(value);
      span = outer;
    },
    offer(row, value) {
      if (span === undefined) return;
      const { cells } = family;
      const at = row * stride + exemplarAt(rowLayout, placeOf(value));
      if (isSampled(cells, at, family.currentWalk())) writeExemplar(cells, at, value, clock(), span.traceId, span.spanId);
    },
  });
}

/** Undefined also when the caller's context manager throws, or when the given value is not a context. */
function sampledSpan(given?: Context): SpanContext | undefined {
  try {
    const { context, trace, TraceFlags } = api();
    const span = trace.getSpanContext(given ?? context.active());
    return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0 ? span : undefined;
  } catch {
    return undefined;
  }
}
