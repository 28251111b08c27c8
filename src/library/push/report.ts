/** What push logs: one line when pushes stop working, one when they work again, none for each push. */
import type { Failure } from '../../net/otlp-client/answers/failure.ts';

export interface Report {
  /** `remark`: a note about a push that was accepted. */
  succeeded(remark?: string): void;
  failed(failure: Failure): void;
}

/** A failure with another cause within one outage adds a line, since it needs another fix; a cause that comes back adds none. */
export function createReport(shown: string, log: (line: string) => void): Report {
  const causes = new Set<string>();
  let failures = 0;
  let remarked: string | undefined;
  return Object.freeze({
    succeeded(remark?: string) {
      if (failures > 0) log(`push to ${shown} works again after ${failures} failed ${failures === 1 ? 'push' : 'pushes'}.`);
      failures = 0;
      causes.clear();
      if (remark !== remarked && remark !== undefined) log(`push to ${shown} ${remark}.`);
      remarked = remark;
    },
    failed({ cause, text, fix }: Failure) {
      failures++;
      if (causes.has(cause)) return;
      causes.add(cause);
      log(`push to ${shown} failed: ${text}. Fix: ${fix}. Totals are kept and pushed once it responds.`);
    },
  });
}
