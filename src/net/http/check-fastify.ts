import { MeterbridgeError } from '../../core/errors/error.ts';

/**
 * Where Fastify itself called what makes a plugin, because it was registered uncalled, nothing would be served: rejects with
 * OPTION_INVALID, so that the app does not start. Undefined: it was called as it is meant.
 */
export function uncalled(given: unknown, name: string, fix: string): Promise<never> | undefined {
  if (typeof given !== 'object' || given === null || !('addHook' in given)) return undefined;
  const rule = 'it makes a plugin, from what you pass to it';
  return Promise.reject(
    new MeterbridgeError('OPTION_INVALID', [{ at: `${name}()`, got: 'a Fastify app', rule, fix: `write ${fix}` }]),
  );
}
