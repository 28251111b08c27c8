import { maxDelayMs } from '../../core/node/within.ts';
import type { ClientSettings } from './client-settings.ts';

export type BackOff = Omit<ClientSettings['retry'], 'maxRetryAfterMs'>;

/**
 * Returns how long to wait ahead of each next attempt, ms. As in the Collector, a receiver can make a pause longer, and no
 * shorter.
 */
export function createBackOff({ initialIntervalMs, maxIntervalMs, multiplier, randomizationFactor }: BackOff) {
  let pause = initialIntervalMs;
  return (wantedMs = 0): number => {
    const wait = pause * (1 + randomizationFactor * (2 * Math.random() - 1));
    pause = Math.min(pause * multiplier, maxIntervalMs);
    return Math.min(Math.max(wantedMs, wait), maxDelayMs);
  };
}
