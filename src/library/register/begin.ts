import { isMainThread } from 'node:worker_threads';
import { isPackageManager } from './package-manager.ts';
import { register } from './register.ts';

let begun: Promise<void> | undefined;

/**
 * Once a process: `NODE_OPTIONS` reaches worker threads, too, and one listener serves them all. Resolves when the listener is
 * open.
 */
export async function begin(): Promise<void> {
  if (!isMainThread || isPackageManager(process.argv[1])) return;
  begun ??= register(process.env);
  await begun;
}
