/** The interface of every example host to `run.ts`. */

export interface RunningHost {
  /** Base URL of the main listener. */
  readonly main: string;
  /** URL of the metrics; undefined when the host does not serve any. */
  readonly metrics: string | undefined;
}

export interface Surroundings {
  readonly log: (line: string) => void;
  /** Closes what was opened, the last first. Also when the start fails. */
  readonly closing: AsyncDisposableStack;
}

/** @throws when its configuration is wrong or a listener cannot be opened; no work has begun then. */
export type Host = (args: readonly string[], surroundings: Surroundings) => Promise<RunningHost>;
