/** What a metric's cells are by its view's aggregation, on both engines (Metrics SDK, "Aggregation"). */
import { DEFAULT_EXPONENTIAL } from '../../../core/contract/resolve.ts';
import type { ExponentialShape, RowShape } from '../../../core/store/index.ts';
import type { Selectable } from './selection.ts';
import type { ViewOptions } from './view-options.ts';

/** The specification's default boundaries of an explicit bucket histogram. */
export const defaultBounds: readonly number[] = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

/** The advised boundaries of a histogram, or else the default ones. */
export interface Advised {
  readonly bounds: readonly number[];
}

export function defaultForm({ kind, bounds }: Selectable & Advised): RowShape {
  return kind === 'histogram' ? { kind, bounds, minMax: true } : { kind };
}

/** Undefined: it drops what is measured. A text says why the view cannot be applied. */
export function formOf(view: ViewOptions, instrument: Selectable & Advised): RowShape | undefined | string {
  const { kind, observed } = instrument;
  const isSigned = kind === 'updowncounter' || kind === 'gauge';
  switch (view.aggregation?.type) {
    case 'DROP':
      return undefined;
    case 'SUM':
      return { kind: isSigned ? 'updowncounter' : 'counter' };
    case 'LAST_VALUE':
      return { kind: 'gauge' };
    case 'EXPLICIT_BUCKET_HISTOGRAM':
      if (observed) return 'an observable instrument has no histogram';
      // Metrics SDK, "Explicit Bucket Histogram Aggregation": no sum where values may be negative.
      return { kind: 'histogram', bounds: boundariesOf(view), minMax: recordsMinMax(view), ...(isSigned && { noSum: true }) };
    case 'EXPONENTIAL_HISTOGRAM':
      if (observed) return 'an observable instrument has no histogram';
      if (isSigned)
        return 'its values may be negative, so there is no sum, without which Prometheus takes no exponential histogram';
      return { kind: 'histogram', exponential: exponentialShape(view), minMax: recordsMinMax(view) };
    default:
      return defaultForm(instrument);
  }
}

/** Not those that the instrument advises: a view that gives the aggregation does not ask it. */
export function boundariesOf({ aggregation }: ViewOptions): readonly number[] {
  return (aggregation?.type === 'EXPLICIT_BUCKET_HISTOGRAM' ? aggregation.options?.boundaries : undefined) ?? defaultBounds;
}

export function exponentialShape(view: ViewOptions | undefined): ExponentialShape {
  const { maxSize, maxScale } = DEFAULT_EXPONENTIAL;
  const given = view?.aggregation?.type === 'EXPONENTIAL_HISTOGRAM' ? view.aggregation.options : undefined;
  return { maxSize: given?.maxSize ?? maxSize, maxScale: given?.maxScale ?? maxScale };
}

export function recordsMinMax(view: ViewOptions | undefined): boolean {
  const aggregation = view?.aggregation;
  return (aggregation !== undefined && 'options' in aggregation ? aggregation.options?.recordMinMax : undefined) ?? true;
}
