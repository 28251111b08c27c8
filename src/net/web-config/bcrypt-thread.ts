import { Worker } from 'node:worker_threads';
import { type ThreadTask, threadUrl } from '../../core/node/thread-url.ts';
import type { Check } from './bcrypt-worker.ts';

export interface BcryptThread {
  /** False: without a thread (`--permission` without `--allow-worker`) no password can be checked, so every one is rejected. */
  begin(check: Check): boolean;
  /** The next check starts another thread. */
  end(): void;
}

/**
 * A thread that starts with the first check. `finish`: the check under way has ended; where the thread ended first, it does not
 * match.
 */
export function createBcryptThread(threadFile: string | URL | undefined, finish: (matches: boolean) => void): BcryptThread {
  let worker: Worker | undefined;

  function start(): Worker {
    // None of the application's flags: an `--import` would run its startup code again in the thread.
    const task: { readonly meterbridge: ThreadTask } = { meterbridge: 'passwords' };
    const code = threadUrl(threadFile) ?? '';
    const started = new Worker(code, { workerData: task, name: 'meterbridge passwords', execArgv: [] });
    started.unref();
    started.on('message', finish);
    started.on('error', () => {
      // An `exit` event follows.
    });
    started.once('exit', () => {
      if (worker !== started) return;
      worker = undefined;
      finish(false);
    });
    return started;
  }

  return Object.freeze({
    begin(check: Check) {
      try {
        worker ??= start();
        worker.postMessage(check);
        return true;
      } catch {
        return false;
      }
    },
    end() {
      const ended = worker;
      worker = undefined;
      void ended?.terminate();
    },
  });
}
