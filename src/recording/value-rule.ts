/** Which values you may record with each kind. */
import type { Kind } from '../naming/kind.ts';

/** Counters, histograms and summaries only grow; an up-down counter stays finite; an info is 1; a gauge may be any double. */
export function valueRule(kind: Kind): (value: unknown) => value is number {
  switch (kind) {
    case 'counter':
    case 'histogram':
    case 'summary':
      return (value): value is number => Number.isFinite(value) && (value as number) >= 0;
    case 'updowncounter':
      return (value): value is number => Number.isFinite(value);
    case 'info':
      return (value): value is number => value === 1;
    default:
      return (value): value is number => typeof value === 'number';
  }
}
