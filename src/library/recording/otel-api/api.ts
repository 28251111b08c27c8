/**
 * Loads `@opentelemetry/api` on first use: its 51 modules take as long to load as all of Meterbridge. All copies of the API,
 * including this one through `require`, share their registrations.
 */

import { visible } from '../../../core/errors/visible.ts';
import { ownRequire } from '../../../core/node/own-require.ts';

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

/**
 * Tells of an instrument that is not made as it was asked for. The API's diagnostic logger is silent in most programs, and this
 * changes what they see.
 */
export function tellIn(log: (line: string) => void): (line: string) => void {
  return (line) => {
    warn(line);
    log(visible(line));
  };
}
