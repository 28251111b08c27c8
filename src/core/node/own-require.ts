import { resolve } from 'node:path';

/**
 * `require` as from Meterbridge's own file. A bundle in CommonJS form has no `import.meta.url`: there it is as from the program's
 * file. Bundlers follow calls of an imported `createRequire`, so it is not imported.
 */
export function ownRequire(): NodeJS.Require {
  const own: string | undefined = import.meta.url;
  return process.getBuiltinModule('node:module').createRequire(own ?? resolve(process.argv[1] ?? '.'));
}
