/** A real Prometheus scrapes a wasmrun agent that asks for keys: with one it gets everything, and without one it is counted. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import { mountWasmrunMetrics, resolveWasmrunMetrics, wasmrun, wasmrunRecorder } from '../../instrumentation/wasmrun/index.ts';
import { meterbridge } from '../../src/index.ts';
import { until } from '../until.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startPrometheus } from './prometheus.ts';

const KEY = 'scraper-key';
const tenants = [{ id: 'prometheus', key_sha256: createHash('sha256').update(KEY).digest('hex') }];

test('Prometheus scrapes a wasmrun agent with its key, and is refused and counted without', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const bridge = meterbridge(wasmrun, { isolated: true, env: {}, log: () => {}, push: false });
  atEnd(bridge.close);
  const probes = { sessions: () => [], load: () => ({ execInFlight: 0, workersLive: 0, requestsInFlight: 1 }) };
  const recorder = wasmrunRecorder(bridge, probes);
  for (const durationMs of [100, 200, 600]) recorder.executed('success', durationMs);
  recorder.executed('timeout', 30_000);
  const app = fastify({ forceCloseConnections: true });
  atEnd(() => app.close());
  const requestLog = { write: () => {} };
  await mountWasmrunMetrics({ app, bridge, config: resolveWasmrunMetrics(tenants), recorder, probes, requestLog });
  const target = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/metrics`;

  const stranger = await startPrometheus(t, binary, target);
  atEnd(stranger.stop);
  await until('refused', async () => (await stranger.query('up'))[0]?.value === '0');
  const prometheus = await startPrometheus(t, binary, target, KEY);
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();

  const value = async (promql: string) => Number((await prometheus.query(promql, at))[0]?.value);
  assert.equal(await value('wasmrun_agent_exec_duration_ms_sum / wasmrun_agent_exec_duration_ms_count'), 7_725);
  assert.equal(await value('sum(wasmrun_agent_exec_total{result="timeout"}) / sum(wasmrun_agent_exec_total)'), 0.25);
  assert.ok((await value('wasmrun_agent_exec_rejected_total{reason="unauthorized"}')) > 0);
  assert.equal(await value('scrape_samples_scraped'), 17);
});
