/** What promtool and Prometheus make of the page of the example solti, beside that of the crate whose source is its document. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { folderWith, startExample } from '../../examples/example.ts';
import { until } from '../../until.ts';
import { requirePeer } from '../peers.ts';
import { startPrometheus } from '../prometheus.ts';
import { checkMetrics } from '../promtool.ts';
import { random } from '../random.ts';
import { eventsFor, pageOfCrate } from '../solti-crate.ts';

const CONFIG = `
[daemon]
port = 0

[tasks.good]
runner = "subprocess"
command = ["true"]
[tasks.missing]
runner = "subprocess"
command = ["there-is-no-such-program"]
attempts = 1
`;

test('solti at work, seen by promtool and by Prometheus', async (t: TestContext) => {
  const [promtool, binary, crate] = [requirePeer(t, 'promtool'), requirePeer(t, 'prometheus3'), requirePeer(t, 'soltiCrate')];
  if (promtool === undefined || binary === undefined || crate === undefined) return;
  const { metrics } = await startExample(t, ['solti', '--config', folderWith(t, 'solti.toml', CONFIG).file]).ready();
  const page = async () => (await fetch(metrics as string)).text();
  const ended = /^solti_sv_task_terminal_total\{reason="exhausted"\} 2$/m;
  await until('both tasks have ended', async () => ended.test(await page()));

  await t.test('promtool finds as little in its page as in that of the crate', async () => {
    const theirs = pageOfCrate(crate, ['runner', 'subscriber'], eventsFor(['runner', 'subscriber'], 20, random()));
    assert.deepEqual([checkMetrics(promtool, await page()), checkMetrics(promtool, theirs)], [[], []]);
  });

  await t.test('Prometheus has the unified page: what runners and what the supervision reported', async (t) => {
    const prometheus = await startPrometheus(t, binary, metrics as string);
    t.after(prometheus.stop);
    const at = await prometheus.scraped();
    const one = async (promql: string) => (await prometheus.query(promql, at)).map(({ value }) => value);
    for (const [promql, value] of [
      ['solti_runner_tasks_completed_total{runner="subprocess", outcome="success"}', '1'],
      ['solti_runner_errors_total{runner="subprocess", error="spawn_failed"}', '1'],
      ['solti_runner_task_duration_seconds_count{outcome="success"}', '1'],
      ['count(solti_runner_task_duration_seconds_bucket)', '16'],
      ['sum(solti_sv_task_terminal_total)', '2'],
    ] as const)
      assert.deepEqual(await one(promql), [value], promql);
  });
});
