/** `--plugin`: what a plugin adds, and what one that fails costs. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../until.ts';
import { command, runCommand } from './run-command.ts';

/** Beside the sources, so that it finds the package by its name. */
function moduleOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(import.meta.dirname, 'plugin-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'plugin.mjs');
  writeFileSync(file, text);
  return file;
}

const parts = `import { section, text, batchOfJson } from 'meterbridge/collector';
const batch = () => batchOfJson({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'n', gauge: { dataPoints: [{ asInt: '1' }] } }] }] }] });
const receiver = (create) => ({ kind: 'receiver', type: 'mine', schema: section({ folder: text() }), create });
const none = { async start() {}, async shutdown() {} };
`;
const config =
  'yaml:{receivers: {mine: {folder: x}}, exporters: {debug: }, service: {telemetry: {metrics: {level: none}}, pipelines: {metrics: {receivers: [mine], exporters: [debug]}}}}';

test('components lists the keys of a plugin, and validate takes them', (t) => {
  const plugin = moduleOf(t, `${parts} export const components = [receiver(() => none)];`);
  const listed = runCommand(['components', '--plugin', plugin]);
  assert.match(listed.stdout, /^receiver +mine +folder +string +required/m);
  assert.deepEqual(
    [
      runCommand(['validate', '--plugin', plugin, '--config', config]).status,
      runCommand(['validate', '--config', config]).status,
    ],
    [0, 1],
  );
});

test('a module that is no plugin is named', (t) => {
  const empty = runCommand(['serve', '--plugin', moduleOf(t, 'export default 7;'), '--config', config]);
  assert.equal(empty.status, 1);
  assert.match(empty.stderr, /--plugin .*plugin\.mjs: got nothing; a plugin exports components/);
  const missing = runCommand(['serve', '--plugin', 'no-such-package', '--config', config]);
  assert.match(missing.stderr, /--plugin no-such-package: got .*no-such-package.*; a plugin is a module that can be imported/);
});

test('what a plugin throws at the start, or a shape that is none, stops the start with its name', (t) => {
  const cases = {
    'receiver mine cannot be made: boom': `() => { throw new Error('boom'); }`,
    'receiver mine cannot be made: start of what create returns is nothing, not a function': '() => ({})',
    'receiver mine does not start: boom': `() => ({ ...none, async start() { throw new Error('boom'); } })`,
  };
  for (const [message, create] of Object.entries(cases)) {
    const run = runCommand([
      'serve',
      '--plugin',
      moduleOf(t, `${parts} export const components = [receiver(${create})];`),
      '--config',
      config,
    ]);
    assert.equal(run.status, 1);
    assert.ok(run.stderr.includes(message), run.stderr);
  }
});

test('what a plugin throws later costs what it was about, is counted, and is named once', { timeout: 60_000 }, async (t) => {
  // Its timers throw twice; in between it rejects a promise; then it sends a batch.
  const create = `(settings, { next }) => ({ ...none, async start() {
    setTimeout(() => { throw new Error('in a timer'); }, 1);
    setTimeout(async () => { throw new Error('in a promise'); }, 2);
    setTimeout(() => next(batch()), 50);
  } })`;
  const plugin = moduleOf(t, `${parts} export const components = [receiver(${create})];`);
  const child = spawn(process.execPath, [...command, 'serve', '--plugin', plugin, '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    log += part;
  });
  await until('the batch is printed', () => log.includes('"data points": 1'));
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(log.split('mine has failed: Error: in a timer').length, 2);
  assert.match(log, /rejected 2 times in all: uncaught.*"otelcol\.component\.id": "mine"/);
});
