/**
 * With `strict`, a recording call that loses or changes a measurement throws, once it is done. Without it, none of this code
 * runs.
 */
import { beginAtCaller } from '../../core/errors/caller.ts';
import type { AdmitEvent, OnAdmit } from '../series/refusals.ts';

export interface Strict {
  readonly onAdmit: OnAdmit;
  /** The same recorder, whose methods throw; the stack begins at their callers. */
  recorder<T extends object>(recorder: T): T;
}

type Method = (...args: readonly unknown[]) => unknown;

export function createStrict(errorOf: (event: AdmitEvent, got: unknown) => Error): Strict {
  /** Of the call under way; calls nest, because a caller's getter may record. */
  let lost: Error | undefined;
  let depth = 0;

  function guarded(method: Method, wrap: (result: unknown) => unknown = (result) => result): Method {
    function guardedMethod(...args: readonly unknown[]): unknown {
      const outer = lost;
      lost = undefined;
      depth += 1;
      let found: Error | undefined;
      let result: unknown;
      try {
        result = method(...args);
      } finally {
        found = lost;
        lost = outer;
        depth -= 1;
      }
      if (found !== undefined) {
        beginAtCaller(found, guardedMethod);
        throw found;
      }
      return wrap(result);
    }
    return guardedMethod;
  }

  function methodsOf<T extends object>(recorder: T): T {
    const methods = Object.entries(recorder).map(([name, method]) => {
      if (typeof method !== 'function') return [name, method];
      if (name === 'bind') return [name, guarded(method, (bound) => methodsOf(bound as object))];
      return [name, name === 'startTimer' ? guarded(method, (end) => guarded(end as Method)) : guarded(method)];
    });
    return Object.freeze(Object.fromEntries(methods)) as T;
  }

  return Object.freeze<Strict>({
    onAdmit(event, got) {
      // A program that ends may record after close(), and a hot reload leaves the earlier module's timers running.
      if (depth > 0 && event.outcome !== 'closed') lost ??= errorOf(event, got);
    },
    recorder: methodsOf,
  });
}
