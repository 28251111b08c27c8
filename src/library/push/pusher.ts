/** The interface between push and either exporter: what an exporter receives, does and reports. */
import type { FamilyView, View } from '../../core/store/store.ts';
import type { Outcome } from '../../net/otlp-client/answers/failure.ts';
import type { MetricProducer } from './sdk/metric-producer.ts';
import type { PushSettings } from './settings/settings.ts';

export interface PushEvent {
  readonly outcome: 'success' | 'failed';
  /** From the first byte sent to the receiver's last byte, retries included. */
  readonly seconds: number;
}

export interface PushStart {
  readonly settings: PushSettings;
  readonly view: View;
  /** Updates observed families before a push; `timeoutMillis` is the time that it has. */
  readonly refresh: (options: { readonly timeoutMillis?: number }) => Promise<void>;
  /** Collects all processes' series instead of `view` and `refresh`. Undefined: another process pushes them. */
  readonly collectAll?: (() => Promise<View | undefined>) | undefined;
  /** The same store as the SDK's exporter reads it. */
  readonly producer: MetricProducer;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** The clock that ages are counted by, in milliseconds: the store's clock. Default `performance.now`. */
  readonly ageClock?: (() => number) | undefined;
  /** Called for each point that a push leaves out, because its value is none that OTLP can carry. */
  readonly onLeftOut?: ((family: FamilyView) => void) | undefined;
  readonly onPush?: ((event: PushEvent) => void) | undefined;
  /** Receives a log line when pushes stop working, and when they work again. */
  readonly log: (line: string) => void;
}

/** Sends, by either exporter: pushes at the interval, and reports each push. */
export interface Pusher {
  /** Pushes now; false when that failed. */
  flush(): Promise<boolean>;
  /** Aborts a push in progress, and gives the next ones until `endBy` (`performance.now()`). */
  hurry(endBy: number): void;
  /** Pushes a last time. */
  shutdown(): Promise<void>;
  /** Prevents any further network traffic. */
  end(): void;
}

export interface PushReport {
  pushed(outcome: Outcome, seconds: number): void;
  /** The store could not be read. */
  unreadable(error: unknown): void;
}
