import type { Rate } from './config.ts';

/** Whether one more request is allowed now. Starts full. `now` is in milliseconds, and only differences count. */
export function createTokenBucket({ intervalMs, burst }: Rate, now: () => number): () => boolean {
  let tokens = burst;
  let at = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + (time - at) / intervalMs);
    at = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
