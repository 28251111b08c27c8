import type { FamilySpec } from './store.ts';

/** Cells a row: a histogram has its buckets (bounds + 1) and its sum, a summary count and sum, everything else its value. */
export function strideOf(spec: FamilySpec): number {
  if (spec.kind === 'histogram' || spec.kind === 'gaugehistogram') return (spec.bounds?.length ?? 0) + 2;
  return spec.kind === 'summary' ? 2 : 1;
}
