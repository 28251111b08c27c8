/**
 * The exemplars of one metric: which measurement made inside a sampled span stands for its bucket, or for its counter (Metrics SDK,
 * "Exemplar"). The filter is the specification's default, TraceBased; the reservoirs are AlignedHistogramBucket and SimpleFixedSize with one
 * place, both sampling uniformly among what one collection was offered. Attributes that *admit* dropped are left out: they are what the
 * contract keeps from being unbounded, and the span has them anyway.
 */
import type { Context, SpanContext } from '@opentelemetry/api';
import { isSampled, writeExemplar } from '../store/exemplar-cells.ts';
import { exemplarAt } from '../store/index.ts';
import type { Family } from '../store/store.ts';
import { bucketSearch } from './bucket-search.ts';
import type { Exemplars } from './engine.ts';
import { api } from './otel-api/api.ts';

/** Undefined for a family without exemplars. `clock` gives milliseconds since the epoch. */
export function createExemplars(family: Family, clock: () => number): Exemplars | undefined {
  const { rowLayout, stride } = family;
  if (rowLayout.exemplars === 0) return undefined;
  const bounds = Float64Array.from(rowLayout.form === 'histogram' ? rowLayout.bounds : []);
  const bucketOf = bucketSearch(bounds);
  /** Of the measurement under way; a getter of the caller's may make another within it. */
  let span: SpanContext | undefined;

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
      const at = row * stride + exemplarAt(rowLayout, bucketOf(bounds, value));
      if (isSampled(cells, at, family.currentWalk())) writeExemplar(cells, at, value, clock(), span.traceId, span.spanId);
    },
  });
}

/** Undefined too when a context manager of the caller's throws, or when what was given is no context. */
function sampledSpan(given?: Context): SpanContext | undefined {
  try {
    const { context, trace, TraceFlags } = api();
    const span = trace.getSpanContext(given ?? context.active());
    return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0 ? span : undefined;
  } catch {
    return undefined;
  }
}
