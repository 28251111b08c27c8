/** A row of exponential buckets as a message `Histogram` with native buckets. */
import type { FamilyView, RowLayout } from '../../../store/index.ts';
import { histogramTag, metricTag } from './fields.ts';
import { hasStart, putCount } from './histogram.ts';
import type { ValueMessage } from './row-writer.ts';
import { mostTimestamp, putTimestamp, startOf } from './timestamp.ts';
import { mostDouble, putDoubleField } from './wire.ts';

export function nativeMessage(family: FamilyView, layout: Extract<RowLayout, { form: 'exponential' }>): ValueMessage {
  const started = hasStart(family);
  return {
    tag: metricTag.histogram,
    most: 2 * mostDouble + mostTimestamp,
    samples: 1,
    write(out, cells, cellAt, family, row) {
      putCount(out, histogramTag.count, histogramTag.countFloat, cells[cellAt + layout.count] as number);
      putDoubleField(out, histogramTag.sum, cells[cellAt + layout.sum] as number);
      if (started) putTimestamp(out, histogramTag.created, startOf(family, row));
      return true;
    },
  };
}
