/** What `NODE_OPTIONS` also reaches: package managers, which are not the program. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { isPackageManager } from '../../../src/library/register/package-manager.ts';

const root = join(import.meta.dirname, '../../..');

/** Where each keeps the file that its process runs, in the versions of today. */
const files: readonly [path: string, nearestPackage: string | undefined, is: boolean][] = [
  ['lib/node_modules/npm/bin/npm-cli.js', 'npm', true],
  ['lib/node_modules/npm/bin/npx-cli.js', 'npm', true],
  ['lib/node_modules/yarn/bin/yarn.js', 'yarn', true],
  ['lib/node_modules/pnpm/bin/pnpm.cjs', 'pnpm', true],
  ['lib/node_modules/pnpm/bin/pnpx.cjs', 'pnpm', true],
  ['lib/node_modules/corepack/dist/yarn.js', 'corepack', true],
  ['shop/.yarn/releases/yarn-4.12.0.cjs', 'shop', true],
  ['.cache/node/corepack/v1/yarn/4.12.0/yarn.js', undefined, true],
  ['shop/app.js', 'shop', false],
  ['shop/yarn.js', 'shop', false],
  ['shop/tools/npm.js', 'shop', false],
  ['shop/node_modules/tsx/dist/cli.mjs', 'tsx', false],
];

for (const [path, nearest, is] of files) {
  test(`${path} is ${is ? 'a' : 'no'} package manager`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'meterbridge-managers-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    const [, of = ''] = /^(.*node_modules\/[^/]+|shop)\//.exec(path) ?? [];
    if (nearest !== undefined) writeFileSync(join(folder, of, 'package.json'), JSON.stringify({ name: nearest }));
    assert.equal(isPackageManager(file), is);
    // As a command in `bin`.
    symlinkSync(file, join(folder, 'command'));
    assert.equal(isPackageManager(join(folder, 'command')), is);
  });
}

test('a process without a file, and one whose file is gone, are programs', () => {
  assert.deepEqual([undefined, join(tmpdir(), 'not', 'there.js')].map(isPackageManager), [false, false]);
});

for (const command of ['npm', 'npx']) {
  test(`${command} opens no listener`, (t) => {
    const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command));
    const file = found.flatMap((path) => {
      try {
        return [realpathSync(path)];
      } catch {
        return [];
      }
    })[0];
    if (file === undefined) return t.skip(`there is no ${command} here`);
    // Whoever opens one says that this is no address.
    const env = { ...process.env, METERBRIDGE_LISTEN: 'nowhere' };
    const args = ['--conditions=meterbridge-source', '--import', 'meterbridge/register'];
    const run = spawnSync(process.execPath, [...args, file, '--version'], { cwd: root, env, encoding: 'utf8' });
    assert.match(run.stdout, /^\d+\.\d+/);
    assert.doesNotMatch(run.stderr, /meterbridge: /);
  });
}
