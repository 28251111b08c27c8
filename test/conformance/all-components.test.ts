/**
 * test/fixtures/collector: all-components.yaml, a file with every component, and chain.yaml, a link of a chain. Both programs
 * take both.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { components } from '../../src/service/components.ts';
import { readConfig } from '../../src/service/config/index.ts';
import { requirePeer } from './peers.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../fixtures/collector/${name}.yaml`, import.meta.url));
const path = pathOf('all-components');

test('it has every component', () => {
  const file = parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>;
  const used = (kind: string) => Object.keys(file[`${kind}s`] ?? {}).map((id) => id.replace(/\/.*/, ''));
  assert.deepEqual(
    components.filter(({ kind, type }) => !used(kind).includes(type)).map(({ kind, type }) => `${kind} ${type}`),
    [],
  );
});

for (const name of ['all-components', 'chain']) {
  test(`the service takes ${name}, without a warning`, () => {
    const read = readConfig({ config: [pathOf(name)] }, components, { env: {} });
    assert.deepEqual([read.ok, read.warnings], [true, []]);
  });

  test(`the Collector takes ${name}`, (t) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const { status, stderr } = spawnSync(binary, ['validate', '--config', pathOf(name)], { encoding: 'utf8' });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  });
}
