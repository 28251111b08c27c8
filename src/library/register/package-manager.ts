/**
 * npm, npx, yarn, pnpm and Corepack run in processes of their own, which `NODE_OPTIONS` reaches ahead of the program. They would
 * take the port that the program is to have.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { packageName } from './package-name.ts';

const packages: readonly string[] = ['npm', 'yarn', '@yarnpkg/cli', '@yarnpkg/cli-dist', 'pnpm', '@pnpm/exe', 'corepack'];
/** Yarn 2 and newer, where a project or Corepack keeps it: one file, beside which there is no package.json of its own. */
const bundled = /^yarn(-[\d.][\w.-]*)?\.c?js$/;
const keptIn: readonly string[] = ['.yarn/releases', 'corepack'];

/** `program`: the file that the process runs, `process.argv[1]`. */
export function isPackageManager(program: string | undefined): boolean {
  if (program === undefined) return false;
  const path = resolved(program).replaceAll('\\', '/');
  if (bundled.test(basename(path)) && keptIn.some((folder) => `${dirname(path)}/`.includes(`/${folder}/`))) return true;
  return packages.includes(packageName(path) ?? '');
}

/** A command in `bin` is a link to the package's file. */
function resolved(program: string): string {
  try {
    return realpathSync(program);
  } catch {
    return program;
  }
}
