/** When a push is tried again. The first pauses are short, because an attempt has no more time than its push. */
import type { Retry } from '../otlp-http/client-settings.ts';

export const retry: Retry = {
  initialIntervalMs: 1_000,
  multiplier: 1.5,
  maxIntervalMs: 5_000,
  randomizationFactor: 0.2,
  maxRetryAfterMs: 600_000,
};
