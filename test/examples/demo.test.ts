import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compare } from '../../examples/demo/compare.ts';
import { outcome } from '../../examples/demo/outcome.ts';
import { runwisp } from '../../examples/demo/runwisp.ts';
import { requirePeer } from '../conformance/peers.ts';
import { testInFull } from '../full.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo.ts', import.meta.url));

/** Without `CI`, which makes an absent host a failure. */
function run(env: NodeJS.ProcessEnv): Promise<{ stdout: string }> {
  const { CI: _, ...own } = process.env;
  return promisify(execFile)(process.execPath, [DEMO, '--once'], { env: { ...own, OTEL_EXPORTER_OTLP_ENDPOINT: '', ...env } });
}

// At the same time: most of what each takes is waiting for its hosts.
describe('demo --once', { concurrency: 2 }, () => {
  testInFull('without a Collector and without restic: it says so, and what there is agrees', async () => {
    const nothing = { METERBRIDGE_OTELCOL: '/nowhere', METERBRIDGE_PEERS: '/nowhere', PATH: pathWithoutRestic() };
    const { stdout } = await run(nothing);
    assert.match(stdout, /\n.*pushing to meterbridge serve, which is not an independent check\n4 of 5 hosts/);
    assert.match(stdout, /^restic-manager {2}left out, no restic here: apt-get install restic$/m);
    assert.match(stdout, /^ok {6}runwisp_runs_total\{status="missed"\} +[1-9]/m);
    assert.match(stdout, /^ok {6}wasmrun_agent_exec_total\{result="timeout"\} +[1-9]/m);
    assert.match(stdout, /^ok {6}crewshipd_assignments\{hostname=".*",status="completed"\} +6/m);
    assert.match(stdout, /^ok {6}solti_sv_tasks_by_phase\{phase="exhausted"\} +3/m);
    assert.match(stdout, /\n4 of 5 hosts: recorded, pulled and pushed agree\n$/);
    assert.doesNotMatch(stdout, /DIFFERS/);
  });

  testInFull('with a real Collector and restic: all five agree', async (t) => {
    const [collector, restic] = [requirePeer(t, 'collector'), requirePeer(t, 'restic')];
    if (collector === undefined || restic === undefined) return;
    const { stdout } = await run({ METERBRIDGE_OTELCOL: collector, CI: 'true' });
    assert.match(stdout, /pushing to a Collector of our own/);
    assert.match(stdout, /^ok {6}rm_host_last_backup_success\{host="laptop",.*\} +0 +0 +0$/m);
    assert.match(stdout, /\n5 of 5 hosts: recorded, pulled and pushed agree\n$/);
  });
});

/** Folders of `PATH` that have it are left out; what the hosts need beside it is found in another one, or there. */
function pathWithoutRestic(): string {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, 'restic')))
    .join(delimiter);
}

const outcomes: [agreeing: number, running: number, everything: boolean, code: number][] = [
  [5, 5, true, 0],
  [4, 5, false, 1],
  [4, 4, false, 0],
  [4, 4, true, 1],
  [3, 4, false, 1],
];
for (const [agreeing, running, everything, code] of outcomes) {
  test(`${agreeing} of ${running} agree${everything ? ', and everything has to be there' : ''}: exit code ${code}`, () =>
    assert.equal(outcome(agreeing, running, 5, everything).code, code));
}

const failed = 'runwisp_runs_total{status="failed"}';
const cpu = 'runwisp_task_cpu_percent{kind="task",task="a"}';
const samples = (value: number | undefined, series = failed) => new Map(value === undefined ? [] : [[series, value]]);
const cases: [
  name: string,
  recorded: number | undefined,
  pulled: number | undefined,
  pushed: number | undefined,
  agree: boolean,
][] = [
  ['all the same', 2, 2, 2, true],
  ['the pull is behind', 2, 1, 2, false],
  ['the push is behind', 2, 2, 1, false],
  ['the push lacks it', 2, 2, undefined, false],
  ['nobody recorded it, both show it', undefined, 2, 2, true],
  ['recorded only', 2, undefined, undefined, false],
];
for (const [name, recorded, pulled, pushed, agree] of cases) {
  test(`comparison: ${name}`, () =>
    assert.equal(compare(runwisp, samples(recorded), samples(pulled), samples(pushed)).agree, agree));
}

test('comparison: what moves only has to be there', () => {
  const none = new Map();
  assert.equal(compare(runwisp, none, samples(1, cpu), samples(2, cpu)).agree, true);
  assert.equal(compare(runwisp, none, samples(1, cpu), none).agree, false);
});

test('comparison: numbers and names that are long keep two spaces between them', () => {
  const series = `crewshipd_db_migration_version{hostname="${'a'.repeat(60)}"}`;
  const at = samples(20_260_728_110_200, series);
  const { lines } = compare(runwisp, at, at, at);
  assert.deepEqual(lines[1]?.split(/ {2,}/), ['ok', series, ...Array(3).fill('20260728110200')]);
});

test('comparison: a push that cannot be read back is no agreement', () => {
  assert.equal(compare(runwisp, samples(1), samples(1), undefined).agree, false);
});
