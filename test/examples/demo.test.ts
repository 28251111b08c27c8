import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compare } from '../../examples/demo/compare.ts';
import { requirePeer } from '../conformance/peers.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo.ts', import.meta.url));

test('demo --once without a Collector: everything agrees, and it says that this is no independent check', async () => {
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '', METERBRIDGE_OTELCOL: '/nowhere' };
  const { stdout } = await promisify(execFile)(process.execPath, [DEMO, '--once'], { env });
  assert.match(stdout, /not an independent check/);
  assert.match(stdout, /^ok {6}runwisp_runs_total\{status="missed"\} +[1-9]/m);
  assert.match(stdout, /^ok {6}runwisp_task_active_runs\{kind="task",task="weird\\"task\\\\name"\}/m);
  assert.match(stdout, /recorded, pulled and pushed agree\n$/);
  assert.doesNotMatch(stdout, /DIFFERS/);
});

test('demo --once with a real Collector: everything agrees', async (t) => {
  const collector = requirePeer(t, 'collector');
  if (collector === undefined) return;
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '', METERBRIDGE_OTELCOL: collector };
  const { stdout } = await promisify(execFile)(process.execPath, [DEMO, '--once'], { env });
  assert.match(stdout, /pushing to a Collector of our own/);
  assert.match(stdout, /recorded, pulled and pushed agree\n$/);
});

const failed = 'runwisp_runs_total{status="failed"}';
const cpu = 'runwisp_task_cpu_percent{kind="task",task="a"}';
const samples = (value: number | undefined, series = failed) => new Map(value === undefined ? [] : [[series, value]]);
const cases: [name: string, recorded: number | undefined, pulled: number | undefined, pushed: number | undefined, agree: boolean][] = [
  ['all the same', 2, 2, 2, true],
  ['the pull is behind', 2, 1, 2, false],
  ['the push is behind', 2, 2, 1, false],
  ['the push lacks it', 2, 2, undefined, false],
  ['nobody recorded it, both show it', undefined, 2, 2, true],
  ['recorded only', 2, undefined, undefined, false],
];
for (const [name, recorded, pulled, pushed, agree] of cases) {
  test(`comparison: ${name}`, () => assert.equal(compare(samples(recorded), samples(pulled), samples(pushed)).agree, agree));
}

test('comparison: what moves only has to be there', () => {
  const none = new Map();
  assert.equal(compare(none, samples(1, cpu), samples(2, cpu)).agree, true);
  assert.equal(compare(none, samples(1, cpu), none).agree, false);
});

test('comparison: a push that cannot be read back is no agreement', () => {
  assert.equal(compare(samples(1), samples(1), undefined).agree, false);
});
