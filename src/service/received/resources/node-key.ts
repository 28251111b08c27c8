/** The key of one scope or metric at a time, put together from separate parts of a batch. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt, scopeAt } from '../../../formats/otlp/batch/batch-index.ts';
import { viewOf } from '../../../formats/otlp/wire/same-bytes.ts';

const int = 4;
const initial = 1_024;
/** What a longer key needs is given back with the next one. */
const kept = 65_536;
const metricNumbers = 5;

/** Where in a key the strings begin. */
export const keyStart = { scope: int, metric: metricNumbers * int } as const;

export class NodeKey {
  bytes = new Uint8Array(initial);
  view = viewOf(this.bytes);
  length = 0;

  scope({ bytes, index }: Batch, at: number): void {
    const scope = rangeOf(bytes, index, at + scopeAt.from);
    const url = rangeOf(bytes, index, at + scopeAt.schemaUrlFrom);
    this.begin(keyStart.scope + scope.length + url.length);
    this.int(scope.length);
    this.put(scope);
    this.put(url);
  }

  /**
   * The description is no part of it: the first one stays (specification, "Prometheus and OpenMetrics compatibility", Metric
   * Metadata).
   */
  metric({ bytes, index }: Batch, at: number): void {
    const name = rangeOf(bytes, index, at + metricAt.nameFrom);
    const unit = rangeOf(bytes, index, at + metricAt.unitFrom);
    const metadata = rangeOf(bytes, index, at + metricAt.metadataFrom);
    this.begin(keyStart.metric + name.length + unit.length + metadata.length);
    this.int(index[at + metricAt.type] as number);
    this.int(index[at + metricAt.temporality] as number);
    this.int(index[at + metricAt.monotonic] as number);
    this.int(name.length);
    this.int(unit.length);
    this.put(name);
    this.put(unit);
    this.put(metadata);
  }

  private begin(length: number): void {
    this.length = 0;
    if (length <= this.bytes.length && this.bytes.length <= kept) return;
    this.bytes = new Uint8Array(Math.max(length, initial));
    this.view = viewOf(this.bytes);
  }

  private int(value: number): void {
    this.view.setInt32(this.length, value, true);
    this.length += int;
  }

  private put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}

/** `place`: the offset of the range's beginning in the index. */
export function rangeOf(bytes: Uint8Array, index: Int32Array, offset: number): Uint8Array {
  return bytes.subarray(index[offset] as number, index[offset + 1] as number);
}
