/**
 * A real Prometheus scrapes a crewshipd from elsewhere, through a proxy: with the token it gets everything, and without it there
 * is nothing.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import {
  crewshipd,
  crewshipdRecorder,
  mountCrewshipdMetrics,
  resolveCrewshipdMetrics,
} from '../../instrumentation/crewshipd/index.ts';
import { meterbridge } from '../../src/index.ts';
import { probes } from '../instrumentation/crewshipd/probes.ts';
import { until } from '../until.ts';
import { startReverseProxy } from './documents/reverse-proxy.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startPrometheus } from './prometheus.ts';

const TOKEN = 'scraper-token';

test('Prometheus scrapes a crewshipd with its token, and finds nothing without', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const bridge = meterbridge(crewshipd('crew-1'), { isolated: true, env: {}, log: () => {}, push: false });
  atEnd(bridge.close);
  crewshipdRecorder(bridge, probes());
  const app = fastify({ forceCloseConnections: true });
  atEnd(() => app.close());
  const refused = new Set<string | undefined>();
  const onRefused = ({ client }: { readonly client: string | undefined }) => void refused.add(client);
  await mountCrewshipdMetrics({ app, bridge, config: resolveCrewshipdMetrics({ CREWSHIP_METRICS_TOKEN: TOKEN }), onRefused });
  const target = `${await startReverseProxy(t, await app.listen({ host: '127.0.0.1', port: 0 }), { client: '203.0.113.9' })}/metrics`;

  const stranger = await startPrometheus(t, binary, target);
  atEnd(stranger.stop);
  await until('refused', async () => (await stranger.query('up'))[0]?.value === '0' && refused.size > 0);
  assert.deepEqual([...refused], ['203.0.113.9']);

  const prometheus = await startPrometheus(t, binary, target, TOKEN);
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();
  assert.deepEqual(await prometheus.query('scrape_samples_scraped', at), [
    { labels: { __name__: 'scrape_samples_scraped' }, value: '39' },
  ]);
  const one = async (promql: string) => (await prometheus.query(promql, at)).map(({ value }) => value);
  assert.deepEqual(await one('crewshipd_db_migration_version{hostname="crew-1"}'), ['20260728110200']);
  // The expressions of its alerts that need no time to pass.
  assert.deepEqual(await one('crewshipd_containers_tracked - crewshipd_containers_reporting > 0'), ['1']);
  assert.deepEqual(await one('max(crewshipd_db_migration_version) != min(crewshipd_db_migration_version)'), []);
  assert.deepEqual(await one('sum(crewshipd_llm_cost_usd_total)'), ['18.3125']);
});
