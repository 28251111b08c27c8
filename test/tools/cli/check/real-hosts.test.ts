/**
 * `meterbridge check PAGE --contract HOST` on the page of each host's own program: the contract that is shipped for a host is
 * that host's.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderFor } from '../../../folder-for.ts';
import { check, checkProcess } from './process.ts';
import { crewshipdPage, firstRunwispPage, runwispPage, soltiPage, wasmrunPage, wasmrunPage0205 } from './real-pages.ts';

/** By its module: `--contract HOST` would need a process with the package's own exports. */
const contractOf = (host: string) => fileURLToPath(import.meta.resolve(`../../../../instrumentation/${host}/contract.ts`));

const pages: readonly (readonly [host: string, page: string])[] = [
  ['runwisp', runwispPage],
  ['crewshipd', crewshipdPage],
  ['wasmrun', wasmrunPage],
  ['solti', soltiPage],
];

for (const [host, page] of pages) {
  test(`the page of the real ${host} keeps its contract`, async (t) => {
    const { code, stdout } = await check(folderFor(t)('page.txt', page), '--contract', contractOf(host));
    assert.equal(code, 0, stdout);
  });
}

test('with --only, the families of the runtime are no findings', async (t) => {
  const { code, stdout } = await check(folderFor(t)('page.txt', soltiPage), '--contract', contractOf('solti'), '--only');
  assert.equal(code, 0, stdout);
});

/** The page of one is not that of the other. */
const versions: readonly (readonly [contract: string, page: string, other: string])[] = [
  ['runwisp@0.6.0', firstRunwispPage, runwispPage],
  ['wasmrun@0.20.5', wasmrunPage0205, wasmrunPage],
];

for (const [contract, page, other] of versions) {
  test(`${contract} is that version's contract`, async (t) => {
    const file = folderFor(t);
    const [own, newer] = await Promise.all([
      checkProcess(file('page.txt', page), '--contract', contract),
      checkProcess(file('other.txt', other), '--contract', contract),
    ]);
    assert.deepEqual([own.code, newer.code], [0, 1], own.stdout + own.stderr);
    assert.match(newer.stdout, /contract-value [\s\S]*contract-family-unknown /);
  });
}

test('a version that is not known', async () => {
  const { code, stderr } = await checkProcess('page.txt', '--contract', 'solti@0.0.3');
  assert.equal(code, 2);
  assert.match(stderr, /solti@0\.0\.3: got another version; the versions that are known are 0\.0\.2, 0\.0\.8\./);
});

test('with --strict-help, another help fails', async (t) => {
  const page = folderFor(t)('page.txt', runwispPage);
  const { code, stdout } = await check(page, '--contract', contractOf('runwisp'), '--strict-help', '--format', 'json');
  assert.equal(code, 1);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string; readonly severity: string }[] };
  assert.deepEqual([...new Set(findings.filter(({ severity }) => severity === 'error').map(({ id }) => id))], ['contract-help']);
  const without = await check(page, '--strict-help');
  assert.deepEqual([without.code, /--contract/.test(without.stderr)], [2, true]);
});
