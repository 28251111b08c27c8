/** What RunWisp must say, typed from its metrics page; only the HELP texts are ours. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type RunwispProbes, runwisp, runwispRecorder } from '../../../instrumentation/runwisp/index.ts';
import { testBridge, testClock } from '../../../src/testing.ts';
import { scrape, testGolden } from '../golden.ts';
import { now, probes } from './probes.ts';

function host(t: TestContext, changes: Partial<RunwispProbes> = {}) {
  const clock = testClock(now);
  const { bridge, log } = testBridge(runwisp, { clock, scrape: { onStale: 'fail' } });
  t.after(() => bridge.close());
  runwispRecorder(bridge, probes({ clock, ...changes }));
  return { clock, log, scrape: (accept?: string) => scrape(bridge, accept) };
}

const cases: [name: string, file: string, changes: Partial<RunwispProbes>][] = [
  ['a daemon with tasks and failures', 'busy', {}],
  [
    'no task, no run, nothing known of the machine',
    'new',
    { tasks: () => [], runTotals: () => ({ success: 0, failed: 0, missed: 0 }), host: () => ({}), startedAt: now },
  ],
];
testGolden(
  'runwisp',
  'openmetrics',
  cases.map(([name, file, changes]) => [name, file, (t) => host(t, changes).scrape]),
);

const series = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name));

test('nothing is kept between scrapes: a task that is gone is gone, and totals may shrink', async (t) => {
  let tasks = [
    { name: 'a', kind: 'task', active: 1, cpuPercent: 5 },
    { name: 'b', kind: 'task', active: 0 },
  ] as const satisfies unknown[] as ReturnType<RunwispProbes['tasks']>;
  let success = 10;
  const { scrape } = host(t, { tasks: () => tasks, runTotals: () => ({ success, failed: 1, missed: 0, lastFailureMs: 5_000 }) });
  assert.equal(series((await scrape()).text, 'runwisp_task_').length, 3);
  tasks = [{ name: 'b', kind: '', active: 4 }];
  success = 7;
  const { text } = await scrape();
  assert.deepEqual(series(text, 'runwisp_task_'), ['runwisp_task_active_runs{task="b",kind="task"} 4']);
  assert.deepEqual(series(text, 'runwisp_runs_total{status="success"}'), ['runwisp_runs_total{status="success"} 7']);
});

test('a task that comes later is still sorted by name', async (t) => {
  let names = ['m', 'z'];
  const { scrape } = host(t, { tasks: () => names.map((name) => ({ name, kind: 'task' as const, active: 0 })) });
  await scrape();
  names = ['z', 'a', 'm'];
  assert.deepEqual(
    series((await scrape()).text, 'runwisp_task_active_runs').map((line) => line.at(31)),
    ['a', 'm', 'z'],
  );
});

test('a database error: the last good totals up to their age, then 500, never zeros', async (t) => {
  let broken = false;
  const runTotals = () => {
    if (broken) throw new Error('database is locked');
    return { success: 41, failed: 3, missed: 2, lastFailureMs: 1_000 };
  };
  const { clock, scrape } = host(t, { runTotals });
  await scrape();
  broken = true;
  clock.advance(59_999);
  const held = await scrape();
  assert.equal(held.status, 200);
  assert.deepEqual(series(held.text, 'runwisp_runs_total'), [
    'runwisp_runs_total{status="success"} 41',
    'runwisp_runs_total{status="failed"} 3',
    'runwisp_runs_total{status="missed"} 2',
  ]);
  assert.deepEqual(series(held.text, 'runwisp_daemon_uptime'), ['runwisp_daemon_uptime_seconds 3659.999']);
  clock.advance(2);
  const gone = await scrape();
  assert.equal(gone.status, 500);
  assert.doesNotMatch(gone.text, /runwisp_|locked/);
  broken = false;
  assert.equal((await scrape()).status, 200);
});

test('a database that never answered: 500 from the start', async (t) => {
  const { scrape } = host(t, { runTotals: () => Promise.reject(new Error('no such file')) });
  assert.equal((await scrape()).status, 500);
});

test('a task beyond the limit of 500 is refused, and the log says so once', async (t) => {
  const tasks = Array.from({ length: 502 }, (_, n) => ({ name: `task-${n + 100}`, kind: 'task' as const, active: n }));
  const { log, scrape } = host(t, { tasks: () => tasks });
  for (let scrapes = 0; scrapes < 2; scrapes++) {
    assert.equal(series((await scrape()).text, 'runwisp_task_active_runs{').length, 500);
  }
  assert.deepEqual(log, [
    'runwisp_task_active_runs{task}: a measurement is rejected (identity_limit): got "task-600"; the label has 500 values, which is its limit; further ones are only counted. Fix: raise the limit in the contract, or remove what is gone',
  ]);
});
