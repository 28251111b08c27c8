/** The example solti as a whole: real processes, real threads, real sockets. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Samples, scrape } from '../../../examples/demo/sample.ts';
import { findProgram } from '../../../examples/solti/find-program.ts';
import { testInFull } from '../../full.ts';
import { until } from '../../until.ts';
import { startCapture } from '../capture.ts';
import { folderWith, isGone, pushingTo, startExample } from '../example.ts';
import { CONFIG, modules, TASKS } from './every-way.ts';

const started = (runner: string) => `solti_runner_tasks_started_total{runner="${runner}"}`;
const completed = (runner: string, outcome: string) =>
  `solti_runner_tasks_completed_total{outcome="${outcome}",runner="${runner}"}`;
const counted = (runner: string, outcome: string) =>
  `solti_runner_task_duration_seconds_count{outcome="${outcome}",runner="${runner}"}`;
const errors = (runner: string, error: string) => `solti_runner_errors_total{error="${error}",runner="${runner}"}`;
const requests = (path: string, status: number) =>
  `solti_api_requests_total{method="POST",path="${path}",status="${status}",transport="http"}`;
const phase = (name: string) => `solti_sv_tasks_by_phase{phase="${name}"}`;
const phases = ['pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled', 'exhausted'] as const;

const written = (file: string) => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n');

const gone = (file: string) => isGone(Number(readFileSync(file, 'utf8')));

/** A PATH with these programs and no engine of containers. */
function pathWith(folder: string, programs: readonly string[]): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const program of programs) symlinkSync(findProgram(program, folder) as string, join(bin, program));
  return bin;
}

/** What holds at any time. */
function checkAlways(samples: Samples): void {
  const inPhases = phases.map((name) => samples.get(phase(name)) as number);
  assert.equal(
    inPhases.reduce((sum, tasks) => sum + tasks, 0),
    TASKS,
    'each task is in one phase',
  );
  for (const [series, value] of samples) assert.ok(value >= 0, `${series} ${value}`);
}

testInFull('every outcome and every error happens, and is told', async (t) => {
  const { folder, file } = folderWith(t, 'solti.toml', CONFIG);
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
  const capture = await startCapture();
  t.after(capture.close);
  const daemon = startExample(t, ['solti', '--config', file], {
    PATH: pathWith(folder, ['sh', 'sleep', 'true', 'touch', 'cat']),
    SOLTI_METRICS_LISTEN: '127.0.0.1:0',
    SOLTI_TOKEN: 's3cret',
    ...pushingTo(capture.endpoint),
  });
  const { main, metrics, ...rest } = await daemon.ready();
  assert.deepEqual(rest, { ready: true });
  assert.ok(metrics);
  assert.equal((await fetch(`${main}/metrics`)).status, 404, 'not on the main listener');
  let now: Samples = new Map();
  async function look(): Promise<Samples> {
    now = (await scrape(metrics as string)) ?? now;
    checkAlways(now);
    return now;
  }
  const ask = (what: 'start' | 'cancel', name: string, authorization: string) =>
    fetch(`${main}/tasks/${name}/${what}`, { method: 'POST', headers: { authorization }, body: 'a body' });
  const cancel = (name: string, authorization: string) => ask('cancel', name, authorization);

  await until('everything has ended that ends by itself', async () => {
    const samples = await look();
    const ended = ['exhausted', 'fatal'].map((reason) => samples.get(`solti_sv_task_terminal_total{reason="${reason}"}`) ?? 0);
    return (
      ended.reduce((sum, tasks) => sum + tasks, 0) === 13 &&
      samples.get(started('subprocess')) === 12 &&
      samples.get(started('wasm')) === 4
    );
  });

  for (const wrong of ['', 'Bearer', 'Bearer t0ken', 'Basic s3cret', 'Bearer s3cret2']) {
    const refused = await cancel('long', wrong);
    assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Bearer'], wrong);
  }
  assert.equal((await cancel('none', 'Bearer s3cret')).status, 404);
  assert.equal((await cancel('good', 'Bearer s3cret')).status, 409, 'ended');
  assert.equal((await ask('start', 'long', 'Bearer s3cret')).status, 409, 'it runs');
  for (const name of ['long', 'turns']) assert.equal((await cancel(name, 'Bearer s3cret')).status, 202);
  await until('two are canceled', async () => (await look()).get(phase('canceled')) === 2);
  assert.equal(readFileSync(join(folder, 'seen'), 'utf8'), '\n', 'a task does not see the token');
  // Each of 23 attempts has begun, and all but one have ended.
  await until('the subscribers have what there was', async () => (await look()).get('solti_sv_subscriber_panicked_total') === 45);
  await until('its events are kept', () => readFileSync(join(folder, 'events'), 'utf8').split('\n').length === 46);

  const expected: Readonly<Record<string, number>> = {
    // good, again, 4 of bad, 2 of late, 2 of once, long, family
    [started('subprocess')]: 12,
    [started('wasm')]: 4,
    [completed('subprocess', 'success')]: 3,
    [completed('subprocess', 'failure')]: 5,
    [completed('subprocess', 'timeout')]: 2,
    [completed('subprocess', 'canceled')]: 1,
    [completed('wasm', 'success')]: 1,
    [completed('wasm', 'failure')]: 1,
    [completed('wasm', 'timeout')]: 1,
    [completed('wasm', 'canceled')]: 1,
    [errors('subprocess', 'spawn_failed')]: 2,
    [errors('subprocess', 'cgroup_prepare_failed')]: 1,
    [errors('wasm', 'module_load_failed')]: 3,
    [errors('container', 'backend_config_failed')]: 1,
    solti_sv_tasks_in_flight: 1,
    solti_sv_task_restarts_total: 6,
    solti_sv_task_timeouts_total: 3,
    'solti_sv_task_backoff_count_total{source="failure"}': 6,
    'solti_sv_task_backoff_count_total{source="success"}': 1,
    // 20 + 40 + 50 of bad, 10 of late, 1 of once and of missing, and an hour
    solti_sv_task_backoff_duration_seconds_sum: 3_600.122,
    solti_sv_task_backoff_duration_seconds_count: 7,
    'solti_sv_task_terminal_total{reason="exhausted"}': 8,
    'solti_sv_task_terminal_total{reason="fatal"}': 5,
    'solti_sv_attempts_to_finalize_sum{outcome="exhausted"}': 14,
    'solti_sv_attempts_to_finalize_sum{outcome="fatal"}': 5,
    [phase('pending')]: 0,
    [phase('running')]: 1,
    [phase('succeeded')]: 4,
    [phase('failed')]: 5,
    [phase('timeout')]: 0,
    [phase('canceled')]: 2,
    [phase('exhausted')]: 5,
    solti_sv_subscriber_panicked_total: 45,
    // One is being handled, one waits.
    solti_sv_subscriber_overflow_total: 43,
    // Each task at the start.
    solti_ctrl_submissions_total: 17,
    'solti_ctrl_rejections_total{reason="slot_busy"}': 1,
    [requests('/tasks/{name}/cancel', 401)]: 5,
    [requests('/tasks/{name}/cancel', 404)]: 1,
    [requests('/tasks/{name}/cancel', 409)]: 1,
    [requests('/tasks/{name}/cancel', 202)]: 2,
    [requests('/tasks/{name}/start', 409)]: 1,
    [requests('/api/v1/discovery/sync', 200)]: 1,
    'solti_api_in_flight_requests{transport="http"}': 0,
    // It announced itself to itself.
    solti_discover_attempts_total: 1,
    'solti_discover_outcomes_total{outcome="success"}': 1,
    solti_discover_holds_total: 0,
    'solti_build_info{version="0.1.0"}': 1,
  };
  for (const [series, value] of Object.entries(expected)) {
    assert.ok(Math.abs((now.get(series) ?? Number.NaN) - value) < 1e-9, `${series}: ${now.get(series)}, not ${value}`);
  }
  const inGroups = (start: string) => [...now.keys()].filter((series) => series.startsWith(start)).sort();
  assert.deepEqual(
    inGroups('solti_runner_').filter((series) => !series.includes('_duration_')),
    Object.keys(expected)
      .filter((series) => series.startsWith('solti_runner_'))
      .sort(),
    'no other label sets: a runner error is no completed task',
  );
  for (const runner of ['subprocess', 'wasm']) {
    for (const outcome of ['success', 'failure', 'canceled', 'timeout']) {
      assert.equal(now.get(counted(runner, outcome)), now.get(completed(runner, outcome)), `${runner} ${outcome}`);
    }
  }
  const sum = now.get('solti_runner_task_duration_seconds_sum{outcome="timeout",runner="subprocess"}') as number;
  assert.ok(sum > 0.19 && sum < 120, `milliseconds in, seconds out: ${sum}`);

  const tasks = (await (await fetch(`${main}/tasks`)).json()) as { name: string; phase: string; attempts: number }[];
  assert.equal(tasks.length, TASKS);
  assert.deepEqual(
    tasks.find(({ name }) => name === 'bad'),
    { name: 'bad', phase: 'exhausted', attempts: 4, how: 'exit 3' },
  );
  const events = readFileSync(join(folder, 'events'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    events.filter(({ task }) => task === 'once').map(({ phase, attempt, how }) => [phase, attempt, how]),
    [
      ['running', 1, ''],
      ['failed', 1, 'exit 1'],
      ['running', 2, ''],
      ['succeeded', 2, 'exit 0'],
    ],
  );

  await until('the family is there', () => written(join(folder, 'child.pid')) && written(join(folder, 'parent.pid')));
  assert.equal(gone(join(folder, 'child.pid')), false);
  assert.equal(await daemon.stop(), 0);
  assert.equal(daemon.stdout().split('\n').length, 2, 'one line on standard output');
  for (const one of ['parent.pid', 'child.pid']) await until(`ended: ${one}`, () => gone(join(folder, one)));
  const last = capture.samples();
  assert.ok(last !== undefined);
  checkAlways(last);
  assert.deepEqual(
    [last.get(completed('subprocess', 'canceled')), last.get(phase('canceled')), last.get('solti_sv_tasks_in_flight')],
    [2, 4, 0],
    'the last push has what the end itself has canceled',
  );
});

testInFull('a process that ignores SIGTERM is killed', async (t) => {
  const script = "trap '' TERM; echo $$ > deaf.pid; while true; do sleep 0.1; done";
  const { folder, file } = folderWith(
    t,
    'solti.toml',
    `[daemon]\nport = 0\n[tasks.deaf]\nrunner = "subprocess"\ncommand = ["sh", "-c", "${script}"]\n`,
  );
  const daemon = startExample(t, ['solti', '--config', file]);
  const { main, metrics } = await daemon.ready();
  assert.equal(metrics, `${main}/metrics`, 'without SOLTI_METRICS_LISTEN on the main listener');
  await until('it is deaf', () => written(join(folder, 'deaf.pid')));
  assert.equal((await fetch(`${main}/tasks/deaf/cancel`, { method: 'POST', headers: { authorization: 'Bearer ' } })).status, 401);
  assert.equal(await daemon.stop(), 0);
  await until('ended', () => gone(join(folder, 'deaf.pid')));
});

test('a task that has ended is started again, and one program is known to another', async (t) => {
  const toml = '[daemon]\nport = 0\ntoken = "t0ken"\n[tasks.short]\nrunner = "subprocess"\ncommand = ["true"]\n';
  const first = startExample(t, ['solti', '--config', folderWith(t, 'solti.toml', toml).file]);
  const { main, metrics } = await first.ready();
  const value = async (series: string, from = metrics) => (await scrape(from as string))?.get(series);
  const exhausted = 'solti_sv_task_terminal_total{reason="exhausted"}';
  await until('it has ended', async () => (await value(exhausted)) === 1);
  assert.equal(await value('solti_discover_attempts_total'), undefined, 'it has no discovery');
  const start = () => fetch(`${main}/tasks/short/start`, { method: 'POST', headers: { authorization: 'Bearer t0ken' } });
  assert.equal((await start()).status, 202);
  await until('it has ended again', async () => (await value(exhausted)) === 2);
  assert.equal(await value('solti_ctrl_submissions_total'), 2);
  assert.equal(await value(phase('succeeded')), 1);
  assert.equal(await value('solti_sv_task_restarts_total'), 0, 'each time it is the first attempt');

  const discovery = `[daemon]\nport = 0\n[discovery]\ncontrol_plane = "${main}"\nname = "second"\nevery = "200ms"\n`;
  const second = startExample(t, ['solti', '--config', folderWith(t, 'solti.toml', discovery).file]);
  const other = await second.ready();
  const outcomes = (outcome: string) => value(`solti_discover_outcomes_total{outcome="${outcome}"}`, other.metrics);
  await until('it is known', async () => ((await outcomes('success')) ?? 0) > 0);
  const agents = (await (await fetch(`${main}/agents`)).json()) as { name: string; endpoint: string }[];
  assert.deepEqual(
    agents.map(({ name, endpoint }) => [name, endpoint]),
    [['second', other.main]],
  );
  assert.equal(await first.stop(), 0);
  await until(
    'it is told',
    async () => ((await value('solti_discover_failures_total{reason="connect"}', other.metrics)) ?? 0) > 0,
  );
  assert.equal(await second.stop(), 0);
});

test('a wrong configuration says everything at once, ends with 1, and has started nothing', async (t) => {
  const toml = '[daemon]\nprot = 1\n[tasks.a]\nrunner = "subprocess"\ncommand = ["touch", "started"]\n[tasks.b]\nrunner = "vm"\n';
  const { folder, file } = folderWith(t, 'solti.toml', toml);
  const daemon = startExample(t, ['solti', '--config', file], {
    SOLTI_METRICS_LISTEN: '0.0.0.0:99999',
    SOLTI_METRICS_PUBLIC: 'yes',
  });
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  for (const part of ['daemon.prot', 'tasks.b.runner', 'SOLTI_METRICS_LISTEN', '65535', 'SOLTI_METRICS_PUBLIC']) {
    assert.ok(daemon.stderr().includes(part), `${part} in ${daemon.stderr()}`);
  }
  assert.equal(existsSync(join(folder, 'started')), false);
});

test('an address beyond loopback that is not public: an error that names the variable, and no task was started', async (t) => {
  const toml = '[daemon]\nport = 0\n[tasks.a]\nrunner = "subprocess"\ncommand = ["touch", "started"]\n';
  const { folder, file } = folderWith(t, 'solti.toml', toml);
  const daemon = startExample(t, ['solti', '--config', file], { SOLTI_METRICS_LISTEN: '0.0.0.0:0' });
  assert.equal(await daemon.ended, 1);
  assert.match(daemon.stderr(), /SOLTI_METRICS_LISTEN: .*SOLTI_METRICS_PUBLIC=true/);
  assert.equal(existsSync(join(folder, 'started')), false);
});
