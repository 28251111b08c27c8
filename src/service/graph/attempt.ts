/** Hands batches to a component that may fail at them. */
import { hash } from 'node:crypto';
import type { Consume, NotTaken } from '../component.ts';

/**
 * How long a component may fail at one batch until the error is reported to its sender as permanent, in milliseconds: as long as
 * the Collector's
 * `retry_on_failure` tries by default. A batch that comes again after a longer pause counts as another one.
 */
const longestMs = 300_000;
/** Batches that a component has failed at, the newest ones. */
const most = 1_000;

export interface AttemptOptions {
  /** As in lines of the log: `exporter file`. */
  readonly name: string;
  /** Called with each error. */
  failed(error: unknown, points: number): void;
  /** Milliseconds of a monotonic clock. Default: `performance.now`. */
  readonly clock?: () => number;
}

/**
 * Never throws or rejects: with an error, nothing was accepted. It is tried again, unless the error has `permanent: true`, like
 * the Collector's permanent errors, or the component has failed at the same batch for five minutes.
 */
export function attempting(consume: Consume, { name, failed, clock = () => performance.now() }: AttemptOptions): Consume {
  const batches = createFailedBatches();
  let lastMs = Number.NEGATIVE_INFINITY;

  /** @param key undefined: it is not known which batch that was */
  function lost(error: unknown, points: number, key: string | undefined): NotTaken {
    failed(error, points);
    const now = clock();
    lastMs = now;
    const since = key === undefined ? now : batches.since(key, now);
    if (isPermanent(error)) return { points, why: `${name}: ${String(error.message)}`, error: 'permanent' };
    if (now - since >= longestMs) return { points, why: `${name} fails at this request again and again`, error: 'permanent' };
    return { points, why: `${name} has failed`, error: 'retryable' };
  }

  return (batch) => {
    const { points, bytes } = batch;
    try {
      const verdict = consume(batch);
      if (!(verdict instanceof Promise)) return verdict;
      // When it fails, the bytes may have been reused. Most never do, and need no key.
      const key = clock() - lastMs < longestMs ? keyOf(bytes) : undefined;
      return verdict.catch((error: unknown) => lost(error, points, key));
    } catch (error) {
      return lost(error, points, keyOf(bytes));
    }
  };
}

function keyOf(bytes: Uint8Array): string {
  return hash('sha1', bytes, 'base64');
}

function createFailedBatches() {
  const times = new Map<string, { readonly first: number; readonly last: number }>();
  return {
    /** Notes a failure; when the first one of this batch was. */
    since(key: string, now: number): number {
      const known = times.get(key);
      const first = known === undefined || now - known.last >= longestMs ? now : known.first;
      // In the order of their last failure.
      times.delete(key);
      times.set(key, { first, last: now });
      const [oldest] = times.keys();
      if (times.size > most && oldest !== undefined) times.delete(oldest);
      return first;
    },
  };
}

function isPermanent(error: unknown): error is { readonly message: unknown } {
  return typeof error === 'object' && error !== null && (error as { readonly permanent?: unknown }).permanent === true;
}
