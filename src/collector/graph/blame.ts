/** Which component of a plugin an error comes from that nothing has caught: what it throws in a timer or a promise of its own. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Given } from '../component.ts';

let context: AsyncLocalStorage<Given> | undefined;

/** Calls a component's function; what it begins is the component's. */
export function asOf<T>(given: Given, call: () => T): T {
  context ??= new AsyncLocalStorage();
  return context.run(given, call);
}

/**
 * Has uncaught errors of components from plugins counted as refusals of the kind `uncaught`, instead of ending the process. All others end it as before.
 * For a process that is the service's own.
 */
export function surviveComponents(fatal: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    const given = context?.getStore();
    if (given === undefined) fatal(error);
    else given.refusal('uncaught', `${given.id} has failed: ${String(error)}`);
  });
}
