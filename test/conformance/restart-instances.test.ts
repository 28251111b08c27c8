/**
 * After a restart a Collector shows the old instance beside the new one until `metric_expiration`, and a Prometheus behind it
 * adds both up. The queries of docs/pushing.md do not.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { contract, counter, gauge, meterbridge } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import { shows } from './increase.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

const demo = contract('demo', {
  jobs: counter({ unit: '{job}', help: 'Jobs done.' }),
  workers: gauge({ unit: '{worker}', help: 'Workers at work.' }),
});

/** The queries of the documentation, by what they begin with. */
function documented(begin: string): string {
  const page = readFileSync(new URL('../../docs/pushing.md', import.meta.url), 'utf8');
  const query = page.split('\n').find((line) => line.startsWith(begin));
  assert.ok(query, begin);
  return query;
}

test('a process that starts again is counted twice by sum(), and once by the documented queries', async (t: TestContext) => {
  const binaries = { collector: requirePeer(t, 'collector'), prometheus: requirePeer(t, 'prometheus') };
  if (binaries.collector === undefined || binaries.prometheus === undefined) return;
  const served = String(await freePort());
  const over = [`yaml:exporters::prometheus::endpoint: 127.0.0.1:${served}`];
  const collector = await startCollector(t, binaries.collector, { over });
  t.after(collector.stop);
  const job = { job_name: 'collector', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${served}`] }] };
  const prometheus = await runPrometheus(t, binaries.prometheus, { scrape_configs: [job] });
  t.after(prometheus.stop);

  function live(instance: string, workers: number) {
    const resource = { 'service.instance.id': instance };
    const bridge = meterbridge(demo, {
      isolated: true,
      env: {},
      push: { endpoint: collector.endpoint, resource },
      log: () => {},
    });
    bridge.metrics.workers.set(workers);
    return bridge;
  }
  const first = live('first', 7);
  first.metrics.jobs.add(5);
  await first.flush();
  await shows(prometheus, 'sum(demo_workers)', 7);
  await first.close();
  const second = live('second', 3);
  t.after(() => second.close());
  assert.equal(await second.flush(), true);
  await shows(prometheus, 'sum(demo_workers)', 10);
  await shows(prometheus, documented('sum(demo_workers'), 3);
  second.metrics.jobs.add(4);
  assert.equal(await second.flush(), true);
  await shows(prometheus, 'sum(demo_jobs_total)', 9);
  // The first life's samples stand still; how far Prometheus extrapolates the second's is its own.
  const [{ value = '' } = {}] = await prometheus.query(documented('sum(increase(demo_jobs_total'));
  assert.ok(Number(value) > 0 && Number(value) < 9, value);
});
