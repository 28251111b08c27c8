/**
 * Every query of the dashboards of what comes with Meterbridge, by a real Prometheus that has each family: none is refused, and
 * none is empty.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { toJson } from '../../src/core/contract/index.ts';
import { type Contract, contract, histogram, meterbridge, oneOf } from '../../src/index.ts';
import { hostNames } from '../../src/tools/cli/hosts.ts';
import { ownContract, ownNames } from '../../src/tools/cli/own-contracts.ts';
import { until } from '../until.ts';
import { prometheusWith } from './blocks.ts';
import { askAll, modelOf, offered } from './dashboards/ask.ts';
import { end, instance, pageOf, rateInterval } from './dashboards/samples.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

const all = { job: '.*', instance: '.*', rateInterval, at: end };

async function contracts(): Promise<ReadonlyMap<string, Contract>> {
  const hosts = hostNames.map(
    async (name) => [name, (await import(`../../instrumentation/${name}/index.ts`)).default as Contract] as const,
  );
  const own = ownNames.map(async (name) => [name, (await ownContract(name))?.contract as Contract] as const);
  return new Map(await Promise.all([...hosts, ...own]));
}

test('the dashboards of the hosts and of what Meterbridge itself shows', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus3');
  const promtool = binary === undefined ? undefined : requirePeer(t, 'promtool');
  if (binary === undefined || promtool === undefined) return;
  const shown = await contracts();
  assert.equal(shown.size, 9);
  const prometheus = await prometheusWith(t, binary, promtool, pageOf(shown));
  for (const job of shown.keys()) {
    await t.test(job, async (t) => {
      const model = modelOf(job);
      // With one job, only this contract's samples are there.
      const queries = await askAll(prometheus, model, { ...all, job, instance });
      assert.equal(await askAll(prometheus, model, all), queries);
      t.diagnostic(`${queries} queries`);
      const offers = await offered(prometheus, model, all);
      assert.ok(offers.job?.includes(job), `it offers ${offers.job}`);
      assert.deepEqual(offers.instance, [instance]);
    });
  }
});

/** Histograms whose buckets adapt: alone, beside bounds, and with buckets for text. */
const adaptive = contract('adaptive', {
  alone: histogram({ help: 'Alone.', unit: 's', exponential: {}, labels: { kind: oneOf('a', 'b') } }),
  beside: histogram({ help: 'Beside bounds.', unit: 'By', bounds: [1, 2, 4], exponential: {} }),
  shown: histogram({ help: 'In text, too.', unit: 's', exponential: { textBuckets: 4 } }),
});

for (const native of [true, false]) {
  const kept = native ? 'native histograms' : 'buckets of text';
  test(`a dashboard of histograms whose buckets adapt, over ${kept}`, async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus3');
    if (binary === undefined) return;
    const folder = mkdtempSync(join(tmpdir(), 'meterbridge-dashboard-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'adaptive.json');
    writeFileSync(file, JSON.stringify(toJson(adaptive)));
    const bridge = meterbridge(adaptive, { isolated: true, env: {} });
    t.after(() => bridge.close());
    const { url } = await bridge.listen('127.0.0.1:0');
    const { host, pathname } = new URL(url);
    const job = {
      job_name: 'adaptive',
      metrics_path: pathname,
      scrape_native_histograms: native,
      static_configs: [{ targets: [host] }],
    };
    const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] });
    t.after(() => prometheus.stop());
    const model = modelOf(file);
    // Without native histograms, what has no buckets in text has no quantiles.
    const panels = native ? model.panels : model.panels.filter(({ title }) => !/^Alone.*(?:quantiles|p95)/.test(title));
    // Samples of a minute and more may be seldom on a busy machine.
    const chosen = { job: 'adaptive', instance: '.*', rateInterval: '10m' };
    let failure: unknown;
    await until('two scrapes with observations between them', async () => {
      for (const kind of ['a', 'b'] as const) bridge.metrics.alone.record(0.5, { kind });
      bridge.metrics.beside.record(3);
      bridge.metrics.shown.record(0.25);
      const at = await prometheus.scraped();
      try {
        t.diagnostic(`${await askAll(prometheus, { ...model, panels }, { ...chosen, at })} queries`);
        return true;
      } catch (error) {
        failure = error;
        return false;
      }
    }).catch((error: unknown) => {
      throw failure ?? error;
    });
  });
}
