/**
 * `meterbridge/thread`: what Meterbridge's threads run. You never import it; a program that a bundler turns into one file bundles
 * it as a second one, and passes its path as `threadFile`.
 */
import './core/node/supported.ts';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadTask } from './core/node/thread-url.ts';

const task: ThreadTask | undefined = parentPort === null ? undefined : workerData?.meterbridge;
// Messages wait until the code listens for them.
if (task === 'listener') void import('./net/pull/worker.ts').then(({ runListener }) => runListener());
if (task === 'passwords') void import('./net/web-config/bcrypt-worker.ts').then(({ runPasswords }) => runPasswords());
