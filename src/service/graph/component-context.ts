/** Which component of a plugin an error comes from that nothing has caught: what it throws in a timer or a promise of its own. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '../component.ts';

let storage: AsyncLocalStorage<Context> | undefined;

/** Calls a component's function; what it begins is the component's. */
export function asOf<T>(context: Context, call: () => T): T {
  storage ??= new AsyncLocalStorage();
  return storage.run(context, call);
}

/**
 * Has uncaught errors of components from plugins counted as rejections of the kind `uncaught`, instead of ending the process. All
 * others end it as before. For a process that is the service's own.
 */
export function surviveComponents(fatal: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    const given = storage?.getStore();
    if (given === undefined) fatal(error);
    else given.refusal('uncaught', `${given.id} has failed: ${String(error)}`);
  });
}
