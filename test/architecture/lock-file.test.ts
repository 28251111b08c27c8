/**
 * `npm ci` refuses a lock file that lacks a package; `npm install` leaves out, without a word, native parts that the registry
 * does not have.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, Locked>>;

/**
 * What is asked for and not found, as `by needs name`. A package is looked for as Node does: beside who needs it, then further
 * out.
 */
function missing(packages: Packages): string[] {
  const found = (by: string, name: string): boolean => {
    if (Object.hasOwn(packages, `${by === '' ? '' : `${by}/`}node_modules/${name}`)) return true;
    return by !== '' && found(by.slice(0, Math.max(0, by.lastIndexOf('/node_modules/'))), name);
  };
  return Object.entries(packages).flatMap(([by, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => !found(by, name))
      .map((name) => `${by} needs ${name}`),
  );
}

test('package-lock.json has every package that one of its packages names, for every platform', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  assert.ok(Object.keys(packages).length > 100);
  assert.deepEqual(missing(packages), []);
});

test('a package that the lock file lacks is named, also where it is nested', () => {
  const inner = { dependencies: { near: '1', far: '1', none: '1' }, optionalDependencies: { native: '1' } };
  const packages = {
    '': { devDependencies: { a: '1', b: '1' } },
    'node_modules/a': inner,
    'node_modules/a/node_modules/near': {},
    'node_modules/far': {},
  };
  assert.deepEqual(missing(packages), [' needs b', 'node_modules/a needs none', 'node_modules/a needs native']);
});
