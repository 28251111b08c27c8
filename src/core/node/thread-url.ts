/** The URL of the code that Meterbridge's threads run: `src/thread.ts`. */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The tasks of threads, as `workerData.meterbridge` names them. */
export type ThreadTask = 'listener' | 'passwords';

/**
 * Undefined: there is no such file, because a bundler has made one file of the program. `given`: where the user has put it. This
 * module is three folders deep in the source and in the built chunk, so the path is valid from both.
 */
export function threadUrl(given?: string | URL): URL | undefined {
  const url = given === undefined ? besideThis() : typeof given === 'string' ? urlOf(given) : given;
  return url !== undefined && existsSync(url) ? url : undefined;
}

/** What a user does about a file that is not there. */
export const missingThread = {
  rule: 'a thread runs a file of its own, meterbridge/thread, which is not there',
  fix: 'leave the package meterbridge out of the bundle, or bundle meterbridge/thread as a second file and pass its path as threadFile',
} as const;

/** A bundle in CommonJS form has no `import.meta.url`. */
function besideThis(): URL | undefined {
  const own: string | undefined = import.meta.url;
  return own?.startsWith('file:') ? threadOf(own) : undefined;
}

/** Kept separate from `import.meta.url`: ncc copies the file that it can make out beside it, without what that file imports. */
function threadOf(own: string): URL {
  return new URL(`../../thread${extname(own)}`, own);
}

function urlOf(given: string): URL {
  return given.startsWith('file:') ? new URL(given) : pathToFileURL(resolve(given));
}
