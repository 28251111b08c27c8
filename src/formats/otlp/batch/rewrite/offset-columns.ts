/** Which columns of an index's records are offsets in the bytes, and so move with them. */

import { types } from '../../wire/protobuf-tags.ts';
import { exponentialAt, histogramAt, metricAt, metricType, numberAt, resourceAt, scopeAt, summaryAt } from '../batch-index.ts';

function allBut(columns: { readonly size: number }, ...values: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: columns.size }, (_, column) => (values.includes(column) ? 0 : 1));
}

const number = allBut(numberAt, numberAt.flags, numberAt.isInt);
const { scale, positiveOffset, negativeOffset } = exponentialAt;

export const resourceOffsets = allBut(resourceAt, resourceAt.end);
export const scopeOffsets = allBut(scopeAt, scopeAt.end);
const { type, temporality, monotonic, stride, end } = metricAt;
export const metricOffsets = allBut(metricAt, type, temporality, monotonic, stride, end);

const byType: Readonly<Record<number, { readonly places: Uint8Array; readonly attribute: number }>> = {
  [metricType.gauge]: { places: number, attribute: types.gauge.attributes },
  [metricType.sum]: { places: number, attribute: types.sum.attributes },
  [metricType.histogram]: { places: allBut(histogramAt, histogramAt.flags), attribute: types.histogram.attributes },
  [metricType.exponentialHistogram]: {
    places: allBut(exponentialAt, exponentialAt.flags, scale, positiveOffset, negativeOffset),
    attribute: types.exponentialHistogram.attributes,
  },
  [metricType.summary]: { places: allBut(summaryAt, summaryAt.flags), attribute: types.summary.attributes },
};

/** Of the points of a metric: their columns that are offsets, and the tag of their attributes. */
export function pointLayoutOf(metric: number) {
  return byType[metric] ?? { places: number, attribute: types.gauge.attributes };
}
