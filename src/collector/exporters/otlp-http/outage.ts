/** What the exporter logs of failures that pass: a line when they begin, one for each further cause, and one when they have ended. */
import type { Failure } from '../../../push/answers/failure.ts';
import type { Logger } from '../../telemetry/logger.ts';

export interface Outage {
  retrying(failure: Failure): void;
  sent(): void;
}

export function createOutage(shown: string, log: Logger): Outage {
  const causes = new Set<string>();
  let failures = 0;
  return Object.freeze({
    retrying({ cause, text, fix }: Failure) {
      failures++;
      if (causes.has(cause)) return;
      causes.add(cause);
      log.warn(`sending to ${shown} fails and is tried again: ${text}. Fix: ${fix}`);
    },
    sent() {
      if (failures === 0) return;
      log.info(`sending to ${shown} works again after ${failures} failed ${failures === 1 ? 'attempt' : 'attempts'}`);
      failures = 0;
      causes.clear();
    },
  });
}
