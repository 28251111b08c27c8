/** `NumberDataPoint`. */
import { canonicalTag, fixedOf, lengthOf } from '../../wire/protobuf-tags.ts';
import type { Exemplar, PointHeader } from '../metrics-writer.ts';
import { writeExemplars } from './exemplars.ts';
import { type PointFields, timesSize } from './point-fields.ts';

/** Returns the size of the request so far, as do the writers of other points. */
export function writeNumber(fields: PointFields, header: PointHeader, value: number, exemplars?: readonly Exemplar[]): number {
  if (exemplars !== undefined) return writeNumberWith(fields, header, value, exemplars);
  const { sink } = fields;
  const { attributes, from, to } = header;
  fields.begin(header, timesSize + 9 + to - from);
  const { view, at } = sink;
  view.setUint8(at, fixedOf(4));
  view.setFloat64(at + 1, value, true);
  sink.at = at + 9;
  return sink.copy(attributes, from, to);
}

/** A point with exemplars is rare enough to be measured by writing it. */
function writeNumberWith(fields: PointFields, header: PointHeader, value: number, exemplars: readonly Exemplar[]): number {
  const { sink } = fields;
  const opened = fields.open();
  sink.reserve(timesSize + 9);
  fields.times(header);
  sink.byte(fixedOf(4));
  sink.double(value);
  writeExemplars(sink, lengthOf(5), exemplars);
  fields.attributes(header, canonicalTag);
  return fields.close(opened);
}
