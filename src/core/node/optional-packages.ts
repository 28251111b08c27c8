/**
 * Packages that an ordinary install brings and an embedder may leave out. They load at their first use, never with Meterbridge.
 */
import manifest from '../../../package.json' with { type: 'json' };
import { MeterbridgeError } from '../errors/error.ts';
import { ownRequire } from './own-require.ts';

const own = ownRequire();
const rule = 'this needs an optional dependency, which is not installed';

/**
 * @throws DEPENDENCY_MISSING naming every package that is not installed, and the command that installs them; `at` is what needs
 * them
 */
export function checkInstalled(at: string, names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const fix = fixOf(missing);
  throw new MeterbridgeError(
    'DEPENDENCY_MISSING',
    missing.map((name) => ({ at, got: `no package ${name}`, rule, fix })),
  );
}

function fixOf(names: readonly string[]): string {
  const versions: Readonly<Record<string, string>> = manifest.optionalDependencies;
  return `run: npm install ${names.map((name) => `${name}@${versions[name]}`).join(' ')}`;
}

/** The package's CommonJS form, so that this needs no `await`. `T` is its type: `typeof import(name)`. */
export function loadPackage<T>(name: string): T {
  return own(name) as T;
}

function isInstalled(name: string): boolean {
  try {
    own.resolve(name);
    return true;
  } catch {
    return false;
  }
}
