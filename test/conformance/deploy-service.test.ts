/**
 * `deploy/collector.yaml` and `deploy/prometheus/serve.yml` together, as they are: a Collector or the service with the one,
 * Prometheus with the other.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { command } from '../tools/cli/run-command.ts';
import { startChild } from './child.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const configuration = join(deploy, 'collector.yaml');
const serveYml = readFileSync(join(deploy, 'prometheus/serve.yml'), 'utf8');
const body =
  readFileSync(join(import.meta.dirname, '../../docs/serve.md'), 'utf8').match(/-d '(\{"resourceMetrics.*\})'/)?.[1] ?? '';

test('deploy/collector.yaml: a Collector finds nothing wrong with it', (t: TestContext) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const run = spawnSync(binary, ['validate', '--config', configuration], { encoding: 'utf8' });
  assert.deepEqual({ status: run.status, stderr: run.stderr }, { status: 0, stderr: '' });
});

/** Loopback addresses on which no other program of this machine has the file's ports. */
const programs = [
  ['collector', '127.94.17.2'],
  ['serve', '127.94.17.3'],
] as const;

for (const [name, address] of programs) {
  test(`Prometheus finds the daemons and the service alive: ${name}`, async (t: TestContext) => {
    const [prometheus, collector] = [requirePeer(t, 'prometheus'), requirePeer(t, 'collector')];
    if (prometheus === undefined || collector === undefined) return;
    const [program, args] = name === 'collector' ? [collector, []] : [process.execPath, [...command, 'serve']];
    const anyPort = 'yaml:extensions::health_check::endpoint: 127.0.0.1:0';
    const atEnd = inReverse(t);
    const it = startChild(t, program, [...args, '--config', configuration, '--config', anyPort], { LISTEN_ADDRESS: address });
    atEnd(it.stop);
    await it.until('ready', () => it.stderr().includes('Everything is ready.'));
    const headers = { 'content-type': 'application/json' };
    assert.equal((await fetch(`http://${address}:4318/v1/metrics`, { method: 'POST', headers, body })).status, 200);

    const { scrape_configs } = parse(serveYml.replaceAll('127.0.0.1', address));
    const server = await runPrometheus(t, prometheus, { scrape_configs });
    atEnd(server.stop);
    const at = await server.scraped();
    assert.deepEqual(await server.query('jobs_done_total{job="shop"}', at), [
      { labels: { __name__: 'jobs_done_total' }, value: '7' },
    ]);
    const accepted = await server.query('sum by (receiver) (otelcol_receiver_accepted_metric_points{job="meterbridge"})', at);
    assert.deepEqual(accepted, [{ labels: { receiver: 'otlp' }, value: '1' }]);
  });
}
