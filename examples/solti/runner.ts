/** The interface of every runner: it makes one attempt at a task, and returns how that ended. */
import type { RunnerError } from '../../instrumentation/solti/index.ts';
import type { TaskConfig } from './config.ts';

export interface Job {
  readonly task: TaskConfig;
  /** Where commands run and where modules are: the folder of the configuration. */
  readonly folder: string;
  /** When it aborts, the runner ends what it has started, and resolves once that is gone. */
  readonly signal: AbortSignal;
  /** Called once the task itself runs. */
  readonly started: () => void;
  /** Takes what the task writes, line by line. */
  readonly line: (text: string) => void;
}

/** With `error` the runner has failed, not the task. */
export type Ending =
  | { readonly succeeded: boolean; readonly how: string }
  | { readonly error: RunnerError; readonly how: string };

/** Never rejects. */
export type Runner = (job: Job) => Promise<Ending>;

export function failure(error: RunnerError, cause: unknown): Ending {
  return { error, how: cause instanceof Error ? cause.message : String(cause) };
}
