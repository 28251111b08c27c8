/**
 * Loads `@opentelemetry/api` on first use: its 51 modules take as long to load as all of Meterbridge. All copies of the API, including this one
 * through `require`, share their registrations.
 */
import { resolve } from 'node:path';
import { visible } from '../../errors/visible.ts';

type Api = typeof import('@opentelemetry/api');

let loaded: Api | undefined;

export function api(): Api {
  // A bundle in CommonJS form has no `import.meta.url`: the package is looked for from the program's file. No bundler may look into the call.
  const { createRequire } = process.getBuiltinModule('node:module');
  const own: string | undefined = import.meta.url;
  loaded ??= createRequire(own ?? resolve(process.argv[1] ?? '.'))('@opentelemetry/api') as Api;
  return loaded;
}

/** Logs a warning through the API's diagnostic logger, which is silent until a program sets one. */
export function warn(message: string): void {
  api().diag.warn(visible(message));
}
