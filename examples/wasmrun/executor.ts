/** Executions, each in a thread of its own that can be ended from outside. */
import { Worker } from 'node:worker_threads';
import type { ExecResult } from '../../instrumentation/wasmrun/index.ts';
import type { SandboxData, SandboxMessage } from './sandbox.ts';

interface Outcome {
  readonly result: ExecResult;
  /** -1 when it did not run to its end. */
  readonly exitCode: number;
  /** Wall-clock time until its end, or until it was given up. */
  readonly durationMs: number;
  readonly error: string | undefined;
}

export type Executor = ReturnType<typeof createExecutor>;

const SANDBOX = new URL('./sandbox.ts', import.meta.url);
/** Of JavaScript, for the thread's own needs: a module's memory is beside it. */
const HEAP_MB = 64;

export function createExecutor() {
  const workers = new Set<Worker>();

  /** Answers when the thread has ended, or at the time limit; then the thread ends a little later. */
  async function run(data: SandboxData, timeoutMs: number) {
    const from = performance.now();
    // An empty environment: what runs there must not see the agent's.
    const worker = new Worker(SANDBOX, {
      workerData: data,
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    workers.add(worker);
    const output = { 1: [] as Uint8Array[], 2: [] as Uint8Array[] };
    const text = (fd: 1 | 2) => Buffer.concat(output[fd]).toString();
    let truncated = false;
    let outcome: Outcome | undefined;
    const over = Promise.withResolvers<Outcome>();
    /** The first outcome counts. */
    function conclude(result: ExecResult, exitCode: number, error?: string): Outcome {
      outcome ??= { result, exitCode, durationMs: performance.now() - from, error };
      return outcome;
    }
    const timer = setTimeout(() => {
      over.resolve(conclude('timeout', -1, `timed out after ${timeoutMs} ms`));
      void worker.terminate();
    }, timeoutMs);
    worker.on('message', (message: SandboxMessage) => {
      if (message.type === 'output') output[message.fd].push(message.bytes);
      else if (message.type === 'truncated') truncated = true;
      else conclude(message.error === undefined ? 'success' : 'error', message.exitCode, message.error);
    });
    worker.once('error', (error) => conclude('error', -1, error.message));
    worker.once('exit', () => {
      clearTimeout(timer);
      workers.delete(worker);
      over.resolve(conclude('error', -1, 'the worker died'));
    });
    return { ...(await over.promise), stdout: text(1), stderr: text(2), truncated };
  }

  return Object.freeze({
    run,
    /** Threads that have not ended. */
    inFlight: () => workers.size,
    /** Ends all of them. */
    async stop(): Promise<void> {
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  });
}
