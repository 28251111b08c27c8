/** One attempt at a task, reported to the backend, as a runner in solti does it. */
import type { RunnerError, SoltiBackend, SoltiRunner, TaskOutcome } from '../../instrumentation/solti/index.ts';
import { runContainer } from './container.ts';
import type { Job, Runner } from './runner.ts';
import { runSubprocess } from './subprocess.ts';
import { runModule } from './wasm.ts';

export interface Attempted {
  readonly outcome: TaskOutcome | RunnerError;
  readonly how: string;
}

/** The task's own time begins when it runs: this is for what comes before, such as an image that has to be fetched. */
const PREPARATION_MS = 300_000;

const runners: Readonly<Record<SoltiRunner, Runner>> = { subprocess: runSubprocess, wasm: runModule, container: runContainer };

/** `canceled` ends it before its time is up. */
export async function attempt(
  job: Omit<Job, 'signal' | 'started'>,
  canceled: AbortSignal,
  backend: SoltiBackend,
): Promise<Attempted> {
  const { runner, timeoutMs } = job.task;
  const stop = new AbortController();
  const cancel = () => stop.abort('canceled');
  const timeOut = () => stop.abort('timeout');
  canceled.addEventListener('abort', cancel, { once: true });
  let timer: NodeJS.Timeout | undefined = setTimeout(timeOut, PREPARATION_MS);
  let startedAt: number | undefined;
  const ending = await runners[runner]({
    ...job,
    signal: stop.signal,
    started() {
      startedAt = performance.now();
      clearTimeout(timer);
      timer = timeoutMs === undefined ? undefined : setTimeout(timeOut, timeoutMs);
      backend.taskStarted(runner);
    },
  });
  clearTimeout(timer);
  canceled.removeEventListener('abort', cancel);
  // The first of the two.
  const stopped: 'canceled' | 'timeout' | undefined = stop.signal.reason;
  if ('error' in ending && stopped === undefined) {
    backend.runnerError(runner, ending.error);
    return { outcome: ending.error, how: ending.how };
  }
  const outcome = stopped ?? ('succeeded' in ending && ending.succeeded ? 'success' : 'failure');
  // What was stopped before it ran has not been started, so it is not completed either.
  if (startedAt !== undefined) backend.taskCompleted(runner, outcome, performance.now() - startedAt);
  return { outcome, how: ending.how };
}
