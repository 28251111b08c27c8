import { beginAtCaller, framesOf } from './caller.ts';
import { MeterbridgeError } from './error.ts';

/**
 * The result of `work`, as the public function `from` returns it. The stack of a `MeterbridgeError` that it throws, or that its
 * promise rejects with, begins where the user called `from`. For methods, and for what is async: a stack of later does not know
 * the caller.
 */
// biome-ignore lint/complexity/noBannedTypes: whatever can be on a stack
export function fromCaller<T>(from: Function, work: () => T): T {
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    const called: { stack?: string } = {};
    beginAtCaller(called, from);
    return result.catch((error: unknown) => {
      const frames = framesOf(called.stack);
      if (MeterbridgeError.is(error) && frames !== '') error.stack = `${error.name}: ${error.message}${frames}`;
      throw error;
    }) as T;
  } catch (error) {
    if (MeterbridgeError.is(error)) beginAtCaller(error, from);
    throw error;
  }
}
