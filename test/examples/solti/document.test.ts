/**
 * solti's document is a source file of its crate: from top to bottom, on the example at work. `examples/solti/document.md` lists
 * its sentences; what needs promtool or the crate is in `test/conformance/`.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { soltiBackend } from '../../../instrumentation/solti/index.ts';
import { type ParsedFamily, parseExposition } from '../../../src/formats/exposition/index.ts';
import { until } from '../../until.ts';
import { folderWith, startExample } from '../example.ts';
import { linesOf, modules } from './every-way.ts';

/** Each runner, each outcome, and each error. */
const CONFIG = `
[daemon]
port = 0
token = "t0ken"

[tasks.good]
runner = "subprocess"
command = ["sleep", "0.2"]
[tasks.bad]
runner = "subprocess"
command = ["sh", "-c", "exit 3"]
attempts = 2
backoff = "1ms"
[tasks.late]
runner = "subprocess"
command = ["sleep", "600"]
timeout = "100ms"
attempts = 1
[tasks.missing]
runner = "subprocess"
command = ["there-is-no-such-program"]
attempts = 1
[tasks.box]
runner = "container"
image = "alpine"
[tasks.unknown]
runner = "container"
image = "nothing"
${linesOf('long', 'limited', 'hello', 'broken')}`;
/** Has one image. */
const ENGINE = '#!/bin/sh\ncase "$*" in create*nothing*) exit 1 ;; esac\n';

/** As the source registers them: name, type, HELP and labels. */
const families: readonly (readonly [name: string, type: string, help: string, labels: readonly string[]])[] = [
  ['solti_runner_tasks_started_total', 'counter', 'Total number of tasks started', ['runner']],
  ['solti_runner_tasks_completed_total', 'counter', 'Total number of tasks completed', ['runner', 'outcome']],
  ['solti_runner_task_duration_seconds', 'histogram', 'Task execution duration in seconds', ['runner', 'outcome']],
  ['solti_runner_errors_total', 'counter', 'Total runner-level errors', ['runner', 'error']],
];
const values: Readonly<Record<string, readonly string[]>> = {
  runner: ['subprocess', 'wasm', 'container'],
  outcome: ['success', 'failure', 'canceled', 'timeout'],
  error: ['cgroup_prepare_failed', 'backend_config_failed', 'spawn_failed', 'module_load_failed'],
};
const bounds = ['0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '30', '60', '300', '1800', '3600', '+Inf'];

/** The page once each task has ended, `long` because it was canceled. */
async function work(t: TestContext): Promise<readonly ParsedFamily[]> {
  const { folder, file } = folderWith(t, 'solti.toml', CONFIG);
  for (const name of ['hello.wat', 'broken.wat']) writeFileSync(join(folder, name), modules[name] ?? '');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'docker'), ENGINE, { mode: 0o755 });
  const daemon = startExample(t, ['solti', '--config', file], { PATH: [bin, process.env.PATH].join(delimiter) });
  const { main, metrics } = await daemon.ready();
  const page = async () => (await fetch(metrics as string)).text();
  const startedBySubprocess = /^solti_runner_tasks_started_total\{runner="subprocess"\} 5$/m;
  await until('all have begun', async () => startedBySubprocess.test(await page()));
  const cancel = await fetch(`${main}/tasks/long/cancel`, { method: 'POST', headers: { authorization: 'Bearer t0ken' } });
  assert.equal(cancel.status, 202);
  await until(
    'all have ended',
    async () =>
      /^solti_sv_tasks_by_phase\{phase="running"\} 0$/m.test(await page()) &&
      /^solti_sv_tasks_by_phase\{phase="pending"\} 0$/m.test(await page()),
  );
  const parsed = parseExposition(await page(), 'text');
  assert.ok(parsed.ok);
  return parsed.families;
}

/** Values of a counter or of the counts of a histogram, by the values of its labels. */
function counts(all: readonly ParsedFamily[], family: string, sample = family): Readonly<Record<string, number>> {
  const samples = all.find(({ name }) => name === family)?.samples.filter(({ name }) => name === sample) ?? [];
  return Object.fromEntries(samples.map(({ labels, value }) => [labels.map(([, text]) => text).join(' '), value]));
}

const completed = {
  'subprocess success': 1,
  'subprocess failure': 2,
  'subprocess timeout': 1,
  'subprocess canceled': 1,
  'wasm success': 1,
  'container success': 1,
};
const duration = 'solti_runner_task_duration_seconds';

async function declared(t: TestContext, page: readonly ParsedFamily[]): Promise<void> {
  await t.test('four families with the types, texts and labels of the source, in its order', () => {
    const shown = page.filter(({ name }) => name.startsWith('solti_runner_'));
    assert.deepEqual(
      shown.map(({ name, kind, help, samples }) => [
        name,
        kind,
        help,
        samples[0]?.labels.map(([label]) => label).filter((label) => label !== 'le'),
      ]),
      families,
    );
  });
  await t.test('labels have the values of the table, and no others', () => {
    for (const [label, expected] of Object.entries(values)) {
      const of = page.filter(({ name }) => name.startsWith('solti_runner_')).flatMap(({ samples }) => samples);
      const seen = new Set(of.flatMap(({ labels }) => labels.filter(([name]) => name === label).map(([, value]) => value)));
      assert.deepEqual([...seen].sort(), expected.toSorted(), label);
    }
  });
  await t.test('the buckets of the duration', () => {
    const buckets = page.find(({ name }) => name === duration)?.samples.filter(({ name }) => name.endsWith('_bucket')) ?? [];
    const le = buckets.map(({ labels }) => labels.find(([label]) => label === 'le')?.[1]);
    assert.deepEqual(
      le,
      Object.keys(completed).flatMap(() => bounds),
    );
  });
}

async function recorded(t: TestContext, page: readonly ParsedFamily[]): Promise<void> {
  await t.test('a task that starts is counted by its runner', () =>
    assert.deepEqual(counts(page, 'solti_runner_tasks_started_total'), { subprocess: 5, wasm: 1, container: 1 }),
  );
  await t.test('a task that completes is counted by runner and outcome, and observed in seconds', () => {
    const byOutcome = counts(page, 'solti_runner_tasks_completed_total');
    assert.deepEqual(byOutcome, completed);
    assert.deepEqual(counts(page, duration, `${duration}_count`), byOutcome);
    const seconds = counts(page, duration, `${duration}_sum`);
    // It slept for 200 ms.
    assert.ok(
      (seconds['subprocess success'] ?? 0) >= 0.19 && (seconds['subprocess success'] ?? 0) < 120,
      JSON.stringify(seconds),
    );
  });
  await t.test('an error of a runner is counted by its kind, and completes no task', () => {
    assert.deepEqual(counts(page, 'solti_runner_errors_total'), {
      'subprocess spawn_failed': 1,
      'subprocess cgroup_prepare_failed': 1,
      'wasm module_load_failed': 1,
      'container backend_config_failed': 1,
    });
    const total = (of: Readonly<Record<string, number>>) => Object.values(of).reduce((sum, value) => sum + value, 0);
    assert.equal(
      total(counts(page, 'solti_runner_tasks_completed_total')),
      total(counts(page, 'solti_runner_tasks_started_total')),
    );
  });
  await t.test('the supervision, the controller and the API are on the same page', () => {
    for (const group of ['sv', 'ctrl', 'api'])
      assert.ok(
        page.some(({ name }) => name.startsWith(`solti_${group}_`)),
        group,
      );
    assert.deepEqual(counts(page, 'solti_sv_task_terminal_total'), { exhausted: 6, fatal: 3 });
  });
}

test('solti, from the top of its document to the bottom', async (t) => {
  const page = await work(t);
  await declared(t, page);
  await recorded(t, page);
});

test('can_create_prometheus_metrics', async () => assert.ok((await soltiBackend().gather()).length > 0));
