/** When a push is retried. The first pauses are short, because all attempts share the push's time. */
import type { Retry } from '../../../net/otlp-client/client-settings.ts';

export const retry: Retry = {
  initialIntervalMs: 1_000,
  multiplier: 1.5,
  maxIntervalMs: 5_000,
  randomizationFactor: 0.2,
  maxRetryAfterMs: 600_000,
};
