/**
 * Loads `@opentelemetry/api` on first use: its 51 modules take as long to load as all of Meterbridge. All copies of the API, including this one
 * through `require`, share their registrations.
 */
import { createRequire } from 'node:module';
import { visible } from '../../errors/visible.ts';

type Api = typeof import('@opentelemetry/api');

let loaded: Api | undefined;

export function api(): Api {
  loaded ??= createRequire(import.meta.url)('@opentelemetry/api') as Api;
  return loaded;
}

/** Logs a warning through the API's diagnostic logger, which is silent until a program sets one. */
export function warn(message: string): void {
  api().diag.warn(visible(message));
}
