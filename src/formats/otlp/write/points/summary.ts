/** `SummaryDataPoint`. */
import { fixedOf, lengthOf, types } from '../../wire/protobuf-tags.ts';
import type { PointHeader, Quantile } from '../metrics-writer.ts';
import type { PointFields } from './point-fields.ts';

/** `ValueAtQuantile`: two doubles and their tags. */
const quantileBytes = 18;

export function writeSummary(
  fields: PointFields,
  header: PointHeader,
  count: number,
  sum: number,
  quantiles: readonly Quantile[] = [],
): number {
  const { sink } = fields;
  const opened = fields.open();
  sink.reserve(48 + (2 + quantileBytes) * quantiles.length);
  fields.times(header);
  sink.byte(fixedOf(4));
  sink.count(count);
  sink.byte(fixedOf(5));
  sink.double(sum);
  for (const { quantile, value } of quantiles) {
    sink.byte(lengthOf(6));
    sink.byte(quantileBytes);
    sink.byte(fixedOf(1));
    sink.double(quantile);
    sink.byte(fixedOf(2));
    sink.double(value);
  }
  fields.attributes(header, types.summary.attributes);
  return fields.close(opened);
}
