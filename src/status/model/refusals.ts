/** `/api/refusals`: what was refused, folded or dropped, why, and what to do. */
import type { At, Rate } from './rates.ts';

export interface Refusals {
  readonly at: At;
  /** The newest first, at most 200. */
  readonly refusals: readonly Refusal[];
  readonly limit: number;
  readonly forgotten: number;
}

export interface Refusal {
  readonly key: string;
  /**
   * `refused`: the sender was told, unless a processor `batch` held its points. `folded`: counted under another label value.
   * `dropped`: taken, and not shown; the sender was not told. `failed`: lost by an error. `reported`: it breaks the contract, and
   * passed.
   */
  readonly what: 'refused' | 'folded' | 'dropped' | 'failed' | 'reported';
  /** In `snake_case`, from a fixed set: `series_limit`, `too_large`, `wrong_credentials`. */
  readonly reason: string;
  /** The key of the node that did it: `exporter prometheus`. */
  readonly by: string;
  /** Whose it was: the producer's job and instance. Absent: not known, e.g. the request could not be read. */
  readonly sender?: { readonly job: string; readonly instance: string };
  /** It was in batches with points of several senders. Absent: of one, or not known. */
  readonly severalSenders?: boolean;
  /** Requests or points, as `unit` says. */
  readonly count: number;
  readonly unit: 'points' | 'requests';
  readonly rate: Rate;
  readonly firstAt: At;
  readonly lastAt: At;
  /** What happened, as a clause; with the limit that was reached, if there is one. */
  readonly happened: string;
  /** What to do, as a sentence. */
  readonly fix: string;
  /** The newest message about it, as in the log or as the sender got it. Never a secret. */
  readonly message?: string;
}
