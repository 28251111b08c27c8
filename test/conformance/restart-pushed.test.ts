/**
 * RunWisp is killed and started again while it pushes, and its totals survive. A receiver that adds up what came, over both
 * lives, has what was really done: a Collector that makes deltas of the totals by their start times (`initial_value: auto`), and
 * one that is sent deltas.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { folderWith, startExample } from '../examples/example.ts';
import { DEADLINE_MS, until } from '../until.ts';
import { type Collector, startCollector } from './collector.ts';
import { requirePeer } from './peers.ts';
import { onePort, post } from './restart.ts';

const toml = `
[daemon]
metrics_enabled = true
token = "t0ken"
[tasks.good]
run = "true"
[tasks.bad]
run = "exit 3"
`;

const ways = [
  {
    name: 'totals through cumulativetodelta',
    over: [
      'yaml:processors::cumulativetodelta::initial_value: auto',
      'yaml:service::pipelines::metrics::processors: [cumulativetodelta]',
    ],
    preference: 'cumulative',
  },
  { name: 'deltas', over: [], preference: 'delta' },
] as const;

suite('killed and started again while it pushes', { concurrency: true }, () => {
  for (const { name, over, preference } of ways) {
    test(`${name}: what survived is not counted again`, async (t: TestContext) => {
      const binary = requirePeer(t, 'collector');
      if (binary === undefined) return;
      const collector = await startCollector(t, binary, { over });
      t.after(collector.stop);
      const { folder, file } = folderWith(t, 'runwisp.toml', toml);
      const args = ['runwisp', '--config', file, '--port', await onePort()];
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference,
        // A push that a busy machine lets time out may have arrived: deltas would come twice.
        OTEL_METRIC_EXPORT_INTERVAL: '3000',
        OTEL_METRIC_EXPORT_TIMEOUT: '3000',
      };
      /** Its first push is where the counting begins. */
      async function live(number: number, tasks: readonly string[]) {
        const host = startExample(t, args, env);
        const { main } = await host.ready();
        await until('pushed', () => livesOf(collector) === number);
        for (const task of tasks) assert.equal((await post(`${main}/api/tasks/${task}/run`)).status, 202);
        return host;
      }
      const first = await live(1, ['good', 'good', 'good', 'bad', 'bad']);
      await until('counted', () => sumOf(collector, 'success') === 3 && sumOf(collector, 'failed') === 2);
      await first.kill();
      const second = await live(2, ['good', 'bad', 'bad']);
      await until('counted', () => sumOf(collector, 'success') >= 4 && sumOf(collector, 'failed') >= 4);
      assert.equal(await second.stop(), 0);

      const database = new DatabaseSync(join(folder, '.runwisp', 'runs.db'), { readOnly: true, timeout: DEADLINE_MS });
      const ended = database.prepare('SELECT status, count(*) AS count FROM runs GROUP BY status').all();
      database.close();
      const recorded = Object.fromEntries(ended.map(({ status, count }) => [status, count]));
      assert.deepEqual({ success: sumOf(collector, 'success'), failed: sumOf(collector, 'failed') }, recorded);
      assert.deepEqual(recorded, { success: 4, failed: 4 });
    });
  }
});

/** Processes that have pushed. */
function livesOf(collector: Collector): number {
  return new Set(collector.batches().map(({ resource }) => resource['service.instance.id'])).size;
}

/** All deltas, of whichever life. */
function sumOf(collector: Collector, status: string): number {
  let sum = 0;
  for (const { metrics } of collector.batches()) {
    for (const { name, temporality, points } of metrics) {
      if (name !== 'runwisp.runs') continue;
      assert.equal(temporality, 'Delta');
      for (const { attributes, numbers } of points) if (attributes.status === status) sum += Number(numbers.Value);
    }
  }
  return sum;
}
