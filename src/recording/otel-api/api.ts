/**
 * `@opentelemetry/api`, loaded by who needs more of it than its types: it is 51 modules, and looking them up costs as much as all of Meterbridge.
 * Copies of the API, this one through `require` among them, share what is registered with any of them.
 */
import { createRequire } from 'node:module';
import { visible } from '../../errors/visible.ts';

type Api = typeof import('@opentelemetry/api');

let loaded: Api | undefined;

export function api(): Api {
  loaded ??= createRequire(import.meta.url)('@opentelemetry/api') as Api;
  return loaded;
}

/** Says something through the API's diagnostic logger, which is silent until a program sets one. */
export function warn(message: string): void {
  api().diag.warn(visible(message));
}
