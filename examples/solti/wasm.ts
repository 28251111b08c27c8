/** Runs a task as a WebAssembly module, in a thread that can be ended from outside. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { moduleBinary } from '../module-binary.ts';
import { type Ending, failure, type Runner } from './runner.ts';
import type { ThreadMessage } from './wasm-thread.ts';

const THREAD = new URL('./wasm-thread.ts', import.meta.url);

export const runModule: Runner = async ({ task, folder, signal, started, line }) => {
  const file = resolve(folder, task.module);
  let module: WebAssemblyModule;
  try {
    module = await WebAssembly.compile(await moduleBinary(file, await readFile(file)));
  } catch (error) {
    return failure('module_load_failed', error);
  }
  return new Promise<Ending>((resolve) => {
    // An empty environment: what runs there must not see the daemon's.
    const worker = new Worker(THREAD, { workerData: module, env: {}, execArgv: ['--disable-warning=ExperimentalWarning'] });
    let ending: Ending = failure('module_load_failed', 'it was ended before it was loaded');
    const stop = () => void worker.terminate();
    worker.on('message', (message: ThreadMessage) => {
      if (message.type === 'loaded') {
        ending = { succeeded: false, how: 'ended from outside' };
        started();
      } else if (message.type === 'refused') ending = failure('module_load_failed', message.why);
      else ending = { succeeded: message.exitCode === 0, how: message.why ?? `exit ${message.exitCode}` };
    });
    worker.once('error', (error) => line(String(error)));
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      resolve(ending);
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    // A thread may be more than the machine has.
  }).catch((error: unknown) => failure('module_load_failed', error));
};
