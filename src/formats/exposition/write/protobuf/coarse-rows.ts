/**
 * Rows whose exponential buckets cannot be shown, kept for the end of their family: Prometheus takes all that follow a histogram
 * without native buckets in a family for such, too (its `model/textparse/protobufparse.go`).
 */
import { ByteBuffer } from '../bytes/byte-buffer.ts';

/** Beyond it they stay where they are: foreign rows are not to take the memory of a page twice. */
const mostKept = 1_048_576;

export class CoarseRows {
  /** By page: several may be under way. */
  private readonly kept = new WeakMap<ByteBuffer, ByteBuffer>();
  private isMarked = false;

  /** The row that is being written is one. */
  readonly mark = (): void => {
    this.isMarked = true;
  };

  /** A row was written to a page, from `from` on. */
  take(out: ByteBuffer, from: number): void {
    if (!this.isMarked) return;
    this.isMarked = false;
    const kept = this.kept.get(out) ?? new ByteBuffer(0);
    this.kept.set(out, kept);
    if (kept.length + out.length - from > mostKept) return;
    kept.append(out.bytes.subarray(from, out.length));
    out.length = from;
  }

  /** Writes those of a page, and returns `buckets` where there were any. */
  readonly finish = (out: ByteBuffer): 'buckets' | undefined => {
    const kept = this.kept.get(out);
    if (kept === undefined) return undefined;
    this.kept.delete(out);
    out.append(kept.bytes.subarray(0, kept.length));
    return 'buckets';
  };
}
