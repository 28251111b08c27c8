/**
 * When a point was measured, and since when it has added up: nanoseconds in two halves of 32 bits, because a double does not hold
 * them and a delta that begins a nanosecond before the last one ended overlaps it. Unsigned halves are kept as signed numbers,
 * which V8 keeps off the heap.
 */

import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import { wholeMsOf } from '../../../formats/otlp/wire/nanos.ts';

/** Whether a time is before another one. */
export function isBefore(high: number, low: number, otherHigh: number, otherLow: number): boolean {
  return high === otherHigh ? low >>> 0 < otherLow >>> 0 : high >>> 0 < otherHigh >>> 0;
}

/** The point at hand. */
export class PointTime {
  high = 0;
  low = 0;
  /** 0 and 0: unknown ("Value of 0 indicates that the timestamp is unspecified", metrics.proto on its siblings). */
  startHigh = 0;
  startLow = 0;

  read({ view, index }: Batch, point: number): void {
    const time = index[point + pointAt.time] as number;
    const start = index[point + pointAt.start] as number;
    this.high = time === 0 ? 0 : view.getInt32(time + 4, true);
    this.low = time === 0 ? 0 : view.getInt32(time, true);
    this.startHigh = start === 0 ? 0 : view.getInt32(start + 4, true);
    this.startLow = start === 0 ? 0 : view.getInt32(start, true);
  }

  /** Of a stream that was kept. */
  set(high: number, low: number, startHigh: number, startLow: number): void {
    this.high = high;
    this.low = low;
    this.startHigh = startHigh;
    this.startLow = startLow;
  }

  get started(): boolean {
    return this.startHigh !== 0 || this.startLow !== 0;
  }

  /**
   * When the stream's value was 0, ms since the epoch; 0: unknown. A start that is not before the point's own time says that
   * (OpenTelemetry's data model, "Cumulative streams: handling unknown start time"), and one that is still to come by our clock
   * would say later that the total was reset.
   */
  zeroMs(arrivedMs: number): number {
    if (!isBefore(this.startHigh, this.startLow, this.high, this.low)) return 0;
    const start = wholeMsOf(this.startHigh, this.startLow);
    return start > arrivedMs ? 0 : start;
  }
}
