/** The second pass over a batch: in the order of the first. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt } from '../../../formats/otlp/batch/batch-index.ts';
import { pointsIn, walk } from '../../../formats/otlp/batch/walk.ts';
import { formOf } from '../forms/index.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { LookUp } from './look-up.ts';
import type { PointWriter } from './point-writer.ts';

export function writeAll(batch: Batch, lookUp: LookUp, writer: PointWriter, now: number): void {
  let metrics = 0;
  let points = 0;
  walk(batch, {
    metric(m) {
      const metric = lookUp.metrics[metrics++];
      const from = points;
      points += pointsIn(batch, m);
      if (metric !== undefined) writeMetric(batch, m, metric, lookUp.found, from, writer, now);
    },
  });
}

function writeMetric(
  batch: Batch,
  at: number,
  metric: KnownMetric,
  found: Int32Array,
  from: number,
  writer: PointWriter,
  now: number,
): void {
  const { index } = batch;
  const stride = index[at + metricAt.stride] as number;
  const form = formOf(index[at + metricAt.type] as number);
  let offset = from;
  for (let point = at + metricAt.size; point < (index[at + metricAt.end] as number); point += stride) {
    const stream = found[offset++] as number;
    if (stream !== 0) writer.write(batch, point, metric, stream, form, now);
  }
}
