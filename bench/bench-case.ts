/** What a case of the suite is: who takes part, how often, and what one contender's process does in a round. */

export const suiteNames = [
  'record',
  'scrape',
  'http',
  'http-overhead',
  'runtime',
  'stall',
  'push',
  'memory',
  'start',
  'series',
  'ingest',
  'processes',
] as const;
export type SuiteName = (typeof suiteNames)[number];

/** Figures of one round by unit, e.g. `{ 'ns/op': 31, 'B/op': 0 }`. Less is better, but in `points/cpu-s`. */
export type Values = Readonly<Record<string, number>>;

export type Round = () => Values | Promise<Values>;

export interface BenchCase {
  readonly suite: SuiteName;
  /** As in `bench/RESULTS.md`, e.g. `counter-2-labels`. */
  readonly name: string;
  /** One line for the reader of the table. */
  readonly what: string;
  readonly contenders: readonly string[];
  readonly rounds: number;
  /** Rounds under `--quick`. */
  readonly quickRounds: number;
  /** Too large for `--quick`. Default false. */
  readonly fullOnly?: boolean;
  /** A process of its own for each round, for what happens once in a process's life. Default false: one process a contender. */
  readonly fresh?: boolean;
  /**
   * Runs in the contender's process: everything that is not measured. A contender that cannot take part throws `Skip`.
   * `--quick` may shrink the work, never change its kind.
   */
  prepare(contender: string, quick: boolean): Promise<Round>;
}

/** Thrown by `prepare` when a contender has no such thing, or is not on this machine. The reason is shown. */
export class Skip extends Error {}

/** `value`, or the contender has no such thing. */
export function offered<T>(value: T | undefined, contender: string, what: string): T {
  if (value === undefined) throw new Skip(`${contender} has no ${what}`);
  return value;
}
