import type { BackOff } from '../../net/otlp-client/back-off.ts';
import type { RetrySettings } from './config.ts';

/** The pauses that `retry_on_failure` asks for. */
export function backOffOf(retry: RetrySettings): BackOff {
  return {
    initialIntervalMs: retry.initial_interval,
    multiplier: retry.multiplier,
    maxIntervalMs: retry.max_interval,
    randomizationFactor: retry.randomization_factor,
  };
}
