/** What the demonstration needs of an example host: how to start it, which work to give it, and what it must show then. */
import type { Samples } from './sample.ts';

export interface DemoHost {
  /** As `run.ts` calls it. */
  readonly name: string;
  /** Series that move between any two readings: only their presence is compared. */
  readonly moving: RegExp;
  /** Series that may have left the pull while the last push still has them. */
  readonly leaving?: RegExp;
  /** The metrics that the screen shows. */
  readonly shown: readonly string[];
  /** Why its values may be old, where they are by design; the screen says so. */
  readonly lag?: string;
  /** What this machine lacks, with the command that helps; undefined: nothing. */
  missing?(): string | undefined;
  settings(data: string): Settings;
  /** Begins to give it work. */
  open(running: Running): Promise<Work>;
}

export interface Settings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What a scrape sends beside `Accept`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Running {
  /** Base URL of the main listener. */
  readonly main: string;
  /** The host's folder. */
  readonly data: string;
  /** The demonstration ends. */
  readonly ended: AbortSignal;
}

export interface Work {
  /**
   * What has happened so far, from the host's own records or from what it answered; a series not in here is only compared between
   * pull and push.
   */
  samples(): Promise<Samples>;
  /** Whether everything that is compared has happened. */
  done(recorded: Samples): boolean;
  /** Its state, in one line. */
  life(recorded: Samples): string;
  close(): void;
}

/** The sum of a family's samples whose labels match. */
export function total(samples: Samples, family: string, label = ''): number {
  let sum = 0;
  for (const [series, value] of samples)
    if ((series === family || series.startsWith(`${family}{`)) && series.includes(label)) sum += value;
  return sum;
}
