/**
 * `meterbridge/thread`: what Meterbridge's threads run. You never import it; a program that a bundler turns into one file bundles
 * it as a second one, and passes its path as `threadFile`.
 */
import './node/supported.ts';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadTask } from './node/thread-url.ts';

const task: ThreadTask | undefined = parentPort === null ? undefined : workerData?.meterbridge;
// Messages wait until the code listens for them.
if (task === 'listener') void import('./pull/worker.ts').then(({ runListener }) => runListener());
if (task === 'passwords') void import('./web-config/bcrypt-worker.ts').then(({ runPasswords }) => runPasswords());
