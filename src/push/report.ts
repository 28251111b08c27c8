/** What an operator reads of pushes: one line when they stop working, one when they work again, none for each push. */
import type { Failure } from './answers/failure.ts';

export interface Report {
  /** `remark`: what there is to say of a push that was taken. */
  succeeded(remark?: string): void;
  failed(failure: Failure): void;
}

/** A failure of another cause within one outage is one line more, since it wants another fix; a cause that comes back is none. */
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
      log(`push to ${shown} failed: ${text}. Fix: ${fix}. Totals are kept and pushed once it answers.`);
    },
  });
}
