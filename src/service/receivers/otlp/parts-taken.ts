/** What became of a request that was handed on in parts: their verdicts as one. */
import type { Verdict } from '../../component.ts';

export interface PartsTaken {
  add(points: number, verdict: Verdict): void;
  /** Points. Where there are some, the sender must not send the request again: deltas would be there twice. */
  readonly taken: number;
  /** Of all parts so far. As long as nothing was accepted, that of the last one, which may let the sender try again. */
  readonly verdict: Verdict;
}

/** Reasons that a response names. */
const mostReasons = 3;

export function createPartsTaken(): PartsTaken {
  const reasons = new Set<string>();
  let [taken, notTaken] = [0, 0];
  let last: Verdict;
  return {
    add(points, verdict) {
      const refused = verdict?.retryable === true || verdict?.error !== undefined ? points : (verdict?.points ?? 0);
      taken += points - refused;
      notTaken += refused;
      last = verdict;
      if (verdict !== undefined && reasons.size < mostReasons) reasons.add(verdict.why);
    },
    get taken() {
      return taken;
    },
    get verdict() {
      if (taken === 0 && (last?.retryable === true || last?.error !== undefined)) return last;
      return reasons.size === 0 ? undefined : { points: notTaken, why: [...reasons].join('; ') };
    },
  };
}
