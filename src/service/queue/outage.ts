/**
 * What the exporter logs of failures that pass: a line when they begin, one for each further cause, and one when they have ended.
 * A receiver that fails now and then gets these lines once a minute.
 */
import type { Failure } from '../../net/otlp-client/answers/failure.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface Outage {
  /** @param waitMs how long the receiver asks for no request, if it does */
  retrying(failure: Failure, waitMs?: number): void;
  sent(): void;
}

const againMs = 60_000;

/** @param clock milliseconds of a monotonic clock */
export function createOutage(shown: string, log: Logger, clock: () => number = () => performance.now()): Outage {
  const causes = new Set<string>();
  let failures = 0;
  /** Failures are logged, and that they have ended is not. */
  let open = false;
  let lastMs = -Infinity;
  return Object.freeze({
    retrying({ cause, text, fix }: Failure, waitMs?: number) {
      failures++;
      const now = clock();
      if (!open && now - lastMs >= againMs) causes.clear();
      if (causes.has(cause)) return;
      causes.add(cause);
      open = true;
      lastMs = now;
      const when = waitMs === undefined ? '' : ` in ${Math.ceil(waitMs / 1_000)} s`;
      log.warn(`sending to ${shown} fails and is tried again${when}: ${text}. Fix: ${fix}`);
    },
    sent() {
      if (!open) return;
      log.info(`sending to ${shown} works again after ${failures} failed ${failures === 1 ? 'attempt' : 'attempts'}`);
      failures = 0;
      open = false;
    },
  });
}
