/** What is between push and either exporter: what one is given, what it does, and what it tells. */
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { View } from '../store/store.ts';
import type { Outcome } from './answers/failure.ts';
import type { PushSettings } from './settings/settings.ts';

export interface PushEvent {
  readonly outcome: 'success' | 'failed';
  /** From the first byte out to the receiver's last word, retries included. */
  readonly seconds: number;
}

export interface PushStart {
  readonly settings: PushSettings;
  readonly view: View;
  /** Brings observed families up to date ahead of a push; `timeoutMillis` is the time it has. */
  readonly refresh: (options: { readonly timeoutMillis?: number }) => Promise<void>;
  /** The same store as the SDK's exporter reads it. */
  readonly producer: MetricProducer;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** Milliseconds, by which ages are counted: the store's clock. Default `performance.now`. */
  readonly ageClock?: (() => number) | undefined;
  readonly onPush?: ((event: PushEvent) => void) | undefined;
  /** Takes a line when pushes stop working, and when they work again. */
  readonly log: (line: string) => void;
}

/** What sends, by either exporter: pushes at the interval by itself, and reports each push. */
export interface Pusher {
  /** Pushes now; false when that failed. */
  flush(): Promise<boolean>;
  /** Cuts a push under way, and gives the next ones until `endBy` (`performance.now()`). */
  hurry(endBy: number): void;
  /** The last push. */
  shutdown(): Promise<void>;
  /** Nothing reaches the network any more. */
  end(): void;
}

export interface PushReport {
  pushed(outcome: Outcome, seconds: number): void;
  /** The store could not be read. */
  unreadable(error: unknown): void;
}
