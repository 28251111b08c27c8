/**
 * When the newest point of a resource was made. The first one says nothing: whoever holds points back sends old ones beside new
 * ones.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, pointAt, resourceAt, scopeAt } from '../../formats/otlp/batch/batch-index.ts';
import { millisAt } from '../../formats/otlp/batch/batch-values.ts';
import { pointsIn } from '../../formats/otlp/batch/walk.ts';

export interface NewestTime {
  /** Milliseconds since 1970; 0: no point has a time. */
  readonly time: number;
  /** Points that were looked at. */
  readonly looked: number;
}

/** @param most points that are looked at */
export function newestTimeOf(batch: Batch, r: number, most: number): NewestTime {
  const { index } = batch;
  const [end, size] = [index[r + resourceAt.end] as number, metricAt.size];
  let [time, looked] = [0, 0];
  for (let s = r + resourceAt.size; s < end; s = index[s + scopeAt.end] as number) {
    for (let m = s + scopeAt.size; m < (index[s + scopeAt.end] as number); m = index[m + metricAt.end] as number) {
      const points = Math.min(pointsIn(batch, m), most - looked);
      const stride = index[m + metricAt.stride] as number;
      for (let p = 0; p < points; p++) {
        time = Math.max(time, millisAt(batch, index[m + size + p * stride + pointAt.time] as number));
      }
      looked += points;
      if (looked >= most) return { time, looked };
    }
  }
  return { time, looked };
}
