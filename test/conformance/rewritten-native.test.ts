/**
 * Native histograms, with classic buckets beside them or without, summaries and constant labels over a real Prometheus: what an
 * expression finds in the old samples, the rewritten one finds in the new ones, after each kind of change.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { diffContracts } from '../../src/tools/check/diff/diff-contracts.ts';
import { requirePeer } from './peers.ts';
import { newFolder, runPrometheus } from './prometheus.ts';
import { random } from './random.ts';
import { ask } from './rewritten/ask.ts';
import { type Became, changedBy, changes } from './rewritten/changed-contract.ts';
import { mill, ofTheMill } from './rewritten/mill.ts';
import { expressionOf } from './rewritten/mill-generator.ts';
import { requestOf } from './rewritten/mill-samples.ts';
import { prove, said } from './rewritten/proof.ts';

const seed = Number(process.env.METERBRIDGE_SEED ?? 28);
const randomEach = 60;

async function holding(t: TestContext, prometheus: string, became?: ReadonlyMap<string, Became>) {
  const args = [
    '--storage.tsdb.retention.time=100y',
    '--enable-feature=promql-experimental-functions',
    '--web.enable-otlp-receiver',
  ];
  const server = await runPrometheus(t, prometheus, { scrape_configs: [] }, { folder: await newFolder(), args });
  t.after(() => server.stop());
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body: requestOf(became) });
  assert.equal(response.status, 200, await response.text());
  return (expression: string) => ask(server.url, expression);
}

test('native histograms, summaries and constant labels, after each kind of change', async (t) => {
  const prometheus = requirePeer(t, 'prometheus3');
  if (prometheus === undefined) return;
  const old = await holding(t, prometheus);
  for (const expression of ['sum(mill_waits_seconds)', 'mill_turns_seconds{quantile="0.9"}', 'sum(mill_loads_seconds_bucket)'])
    assert.ok(((await old(expression))?.size ?? 0) > 0, `${expression} finds something`);
  const draw = random(seed);
  t.diagnostic(`METERBRIDGE_SEED=${seed}`);
  let rewritten = 0;
  for (const [name, change] of Object.entries(changes))
    await t.test(name, async (t) => {
      const { contract, hints, became } = changedBy(mill, change);
      const now = await holding(t, prometheus, became);
      const diff = diffContracts(mill, contract, hints);
      const drawn = Array.from({ length: randomEach }, () => expressionOf(draw, draw.between(0, 2)));
      const counts = await prove({ old, now }, [...ofTheMill, ...drawn], diff);
      t.diagnostic(said(counts));
      rewritten += counts.rewritten;
      assert.ok(counts.empty < counts.expressions / 4, 'most find something');
    });
  assert.ok(rewritten >= 300, `${rewritten} rewritten`);
});
