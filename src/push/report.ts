/** What an operator reads of pushes: one line when they stop working, one when they work again, none for each push. */
import type { Failure } from './failure.ts';

export interface Report {
  /** `partial`: what a receiver says that took the push but not all of it. */
  succeeded(partial?: string): void;
  failed(failure: Failure): void;
}

/** A failure of another cause within one outage is one line more, since it wants another fix; a cause that comes back is none. */
export function createReport(shown: string, log: (line: string) => void): Report {
  const causes = new Set<string>();
  let failures = 0;
  let partials: string | undefined;
  return Object.freeze({
    succeeded(partial?: string) {
      if (failures > 0) log(`push to ${shown} works again after ${failures} failed ${failures === 1 ? 'push' : 'pushes'}.`);
      failures = 0;
      causes.clear();
      if (partial !== partials && partial !== undefined) log(`push to ${shown} was taken in part only: ${partial}.`);
      partials = partial;
    },
    failed({ cause, text, fix }: Failure) {
      failures++;
      if (causes.has(cause)) return;
      causes.add(cause);
      log(`push to ${shown} failed: ${text}. Fix: ${fix}. Totals are kept and pushed once it answers.`);
    },
  });
}
