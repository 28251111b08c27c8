/**
 * Loads `@opentelemetry/api` on first use: its 51 modules take as long to load as all of Meterbridge. All copies of the API, including this one
 * through `require`, share their registrations.
 */

import { visible } from '../../errors/visible.ts';
import { ownRequire } from '../../node/own-require.ts';

type Api = typeof import('@opentelemetry/api');

let loaded: Api | undefined;

export function api(): Api {
  loaded ??= ownRequire()('@opentelemetry/api') as Api;
  return loaded;
}

/** Logs a warning through the API's diagnostic logger, which is silent until a program sets one. */
export function warn(message: string): void {
  api().diag.warn(visible(message));
}
