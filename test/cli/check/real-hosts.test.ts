/** `meterbridge check PAGE --contract HOST` on the page of each host's own program: the contract that is shipped for a host is that host's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderFor } from '../../folder-for.ts';
import { check } from './process.ts';
import { crewshipdPage, runwispPage, wasmrunPage } from './real-pages.ts';

/** By its module: `--contract HOST` would need a process with the package's own exports. */
const contractOf = (host: string) => fileURLToPath(import.meta.resolve(`../../../instrumentation/${host}/contract.ts`));

const pages: readonly (readonly [host: string, page: string])[] = [
  ['runwisp', runwispPage],
  ['crewshipd', crewshipdPage],
  ['wasmrun', wasmrunPage],
];

for (const [host, page] of pages) {
  test(`the page of the real ${host} keeps its contract`, async (t) => {
    const { code, stdout } = await check(folderFor(t)('page.txt', page), '--contract', contractOf(host));
    assert.equal(code, 0, stdout);
  });
}

test('with --strict-help, another help fails', async (t) => {
  const page = folderFor(t)('page.txt', runwispPage);
  const { code, stdout } = await check(page, '--contract', contractOf('runwisp'), '--strict-help', '--format', 'json');
  assert.equal(code, 1);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string; readonly severity: string }[] };
  assert.deepEqual([...new Set(findings.filter(({ severity }) => severity === 'error').map(({ id }) => id))], ['contract-help']);
  const without = await check(page, '--strict-help');
  assert.deepEqual([without.code, /--contract/.test(without.stderr)], [2, true]);
});
