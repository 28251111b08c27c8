/** What every example host is to `run.ts`. */

export interface RunningHost {
  /** Base URL of the main listener. */
  readonly main: string;
  /** URL of the metrics; undefined when the host does not serve any. */
  readonly metrics: string | undefined;
  close(): Promise<void>;
}

export type Host = (args: readonly string[], log: (line: string) => void) => Promise<RunningHost>;
