/** What `print-config --mode unredacted` writes is a configuration that means the same: to the service, and to the Collector. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import type { Plain } from '../../src/core/config/schema/index.ts';
import { problemText } from '../../src/core/errors/error.ts';
import { components } from '../../src/service/components.ts';
import { printYaml, readConfig } from '../../src/service/config/index.ts';
import { folderWith } from '../examples/example.ts';
import { runCommand } from '../tools/cli/run-command.ts';
import { requirePeer } from './peers.ts';

const root = join(import.meta.dirname, '../..');
const twin = 'test/conformance/twin/twin.yaml';
const delicate = 'test/fixtures/collector/printed.yaml';
const fixtures: readonly (readonly string[])[] = [
  ['otel-collector.yaml'],
  ['test/fixtures/collector/all-components.yaml'],
  ['test/fixtures/collector/chain.yaml'],
  [delicate],
  [twin],
  [twin, 'test/conformance/twin/processors.yaml'],
];
const ports = ['PLAIN', 'BARE', 'ADORNED', 'UTF8', 'UNTRANSLATED', 'BRIEF'];
const env = Object.fromEntries(ports.map((name, index) => [`${name}_PORT`, `${20_001 + index}`]));

/**
 * What the Collector shows of a key that is written, and not of one that is absent: the defaults that its documentation states.
 */
const shownDefaults: Readonly<Record<string, unknown>> = {
  max_recv_msg_size_mib: 4,
  max_request_body_size: 20_971_520,
  'output_paths.0': 'stdout',
  // Of gRPC for Go.
  'server_parameters.time': '2h0m0s',
  'server_parameters.timeout': '20s',
  // Of OpenTelemetry's SDKs.
  temporality_preference: 'cumulative',
  'periodic.timeout': 30_000,
  'otlp.timeout': 10_000,
};

/** What the Collector shows of a key that is absent, and the default that this stands for. */
const unwritten: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['translation_strategy', { '""': '"UnderscoreEscapingWithSuffixes"' }],
]);

/**
 * Keys of the fixtures that have no effect here, and are not printed: they have none in the Collector's filter and attributes
 * either.
 */
const withoutEffect = /clude\.(resources|regexp)\./;

function readOf(files: readonly string[]) {
  const read = readConfig({ config: files }, components, { env });
  assert.ok(read.ok, read.ok ? '' : read.problems.map(problemText).join('\n'));
  return read;
}

/** Settings by component, without their places. */
function meaning(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(meaning);
  if (Array.isArray(value)) return value.map(meaning);
  if (typeof value !== 'object' || value === null) return value;
  const own = 'num_consumers' in value ? withBatchSizer(value as QueueOf) : value;
  const kept = Object.entries(own).filter(([key, one]) => key !== 'at' && key !== 'factory' && typeof one !== 'function');
  return Object.fromEntries(kept.map(([key, one]) => [key, meaning(one)]));
}

interface QueueOf {
  readonly sizer?: string;
  readonly batch?: { readonly sizer?: string };
}

/** The Collector's README: the sizer of `batch` is the queue's unless it has one; `requests` is none for it. */
function withBatchSizer(queue: QueueOf): object {
  const ofQueue = queue.sizer === 'bytes' ? 'bytes' : 'items';
  return queue.batch === undefined ? queue : { ...queue, batch: { ...queue.batch, sizer: queue.batch.sizer ?? ofQueue } };
}

for (const files of fixtures) {
  const paths = files.map((file) => join(root, file));

  for (const [format, print] of [
    ['yaml', printYaml],
    ['json', (plain: Plain) => JSON.stringify(plain)],
  ] as const) {
    test(`${files.join(' and ')}, printed as ${format}, is read as the same`, (t) => {
      const first = readOf(paths);
      const again = readOf([folderWith(t, 'printed', print(first.print(true))).file]);
      assert.deepEqual(meaning(again.config), meaning(first.config));
      assert.equal(print(again.print(true)), print(first.print(true)));
      assert.deepEqual(again.warnings, []);
    });
  }

  test(`${files.join(' and ')}, printed, is the same for the Collector`, (t) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const printed = folderWith(t, 'printed.yaml', printYaml(readOf(paths).print(true))).file;
    const [first, again] = [leavesOf(t, binary, paths), leavesOf(t, binary, [printed])];
    for (const [key, value] of [...first].filter(([key]) => !withoutEffect.test(key)))
      assert.equal(again.get(key), unwritten.get(key.replace(/^.*\./, ''))?.[value] ?? value, key);
    const more = [...again].filter(([key]) => !first.has(key) && !key.endsWith('.sizer'));
    for (const [key, value] of more) {
      const byDefault = Object.entries(shownDefaults).find(([name]) => key.endsWith(`.${name}`))?.[1];
      assert.ok(['""', '0', 'false', '"0s"', 'null', JSON.stringify(byDefault)].includes(value), `${key}: ${value}`);
    }
  });
}

/** What the Collector understands: its own print, which it validates first. */
function leavesOf(t: TestContext, binary: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const args = ['print-config', '--mode', 'unredacted', ...paths.flatMap((path) => ['--config', path])];
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  assert.equal(status, 0, `${t.name}: ${stderr}`);
  const leaves = new Map<string, string>();
  collect(parse(stdout), '', leaves);
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  // An empty list or section says nothing.
  if (typeof value !== 'object' || value === null) {
    const text = JSON.stringify(value);
    leaves.set(path, path.endsWith('.action') ? text.toLowerCase() : text);
    return;
  }
  for (const [key, one] of Object.entries(value)) collect(one, path === '' ? key : `${path}.${key}`, leaves);
}

test('the command writes it, in either format', (t) => {
  for (const format of ['yaml', 'json']) {
    const args = ['print-config', '--mode', 'unredacted', '--format', format, '--config'];
    const first = runCommand([...args, join(root, delicate)]);
    assert.equal(first.status, 0, first.stderr);
    const { file } = folderWith(t, 'printed', first.stdout);
    assert.equal(runCommand([...args, file]).stdout, first.stdout);
  }
});
