/** Random contracts: what their page drafts is what was declared, as far as a page can tell, and the page keeps it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Contract, Metric } from '../../../../src/core/contract/index.ts';
import { labelName, unitWord } from '../../../../src/core/naming/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import type { ObservedFamily } from '../../../../src/tools/check/observed.ts';
import { accepts, observe, type PageFormat, short } from '../hold/pages.ts';
import { program, type RandomProgram, record } from './random-contract.ts';

async function page(given: RandomProgram, format: PageFormat): Promise<Uint8Array> {
  const { bridge, metrics } = testBridge(given.contract);
  record(given, metrics);
  const header = (name: string) => (name === 'accept' ? accepts[format] : undefined);
  const { status, body } = await bridge.scrape({
    method: 'GET',
    path: '/metrics',
    query: new URLSearchParams(),
    header,
    peer: '127.0.0.1',
  });
  assert.equal(status, 200);
  await bridge.close();
  return typeof body === 'string' ? Buffer.from(body) : (body as Uint8Array);
}

/** A page cannot tell an up-down counter, or an info whose labels are all empty, from a gauge; and a unit only if it says it. */
function expected(metric: Metric, format: PageFormat, { unit, labels }: ObservedFamily) {
  const isBare = metric.kind === 'info' && labels.size === 0;
  const isUnknown = format === 'openmetrics' && metric.kind === 'counter' && metric.verbatim === true;
  return {
    kind: isUnknown ? 'unknown' : metric.kind === 'updowncounter' || isBare ? 'gauge' : metric.kind,
    help: metric.help,
    bounds: metric.bounds,
    ...(unit !== undefined && { unit: unitWord(metric.unit) }),
    isExponential: format === 'protobuf' && metric.exponential !== undefined,
  };
}

function drafted(metric: Metric, unit: string | undefined) {
  return {
    kind: metric.kind,
    help: metric.help,
    bounds: metric.bounds,
    ...(unit !== undefined && { unit: unitWord(metric.unit) }),
    isExponential: metric.exponential !== undefined,
  };
}

/** Labels that a series has, the contract's constant ones among them. An optional one may be on none. */
function labelsOf({ labels, constantLabels, verbatim }: Metric, family: ObservedFamily): readonly string[] {
  const names = [...Object.keys(labels), ...Object.keys(constantLabels)].map((name) =>
    verbatim === true ? name : labelName(name),
  );
  return names.filter((name) => family.labels.has(name)).sort();
}

function compare(
  declared: Contract,
  inferred: Contract,
  families: ReadonlyMap<string, ObservedFamily>,
  format: PageFormat,
): number {
  const bySeries = new Map(Object.values(inferred.metrics).map((metric) => [metric.series, metric]));
  for (const metric of Object.values(declared.metrics)) {
    const found = bySeries.get(metric.series);
    const family = families.get(metric.series);
    assert.ok(found !== undefined && family !== undefined, `${metric.series} is not drafted`);
    assert.deepEqual(drafted(found, family.unit), expected(metric, format, family), metric.series);
    assert.deepEqual(labelsOf(found, family), labelsOf(metric, family), metric.series);
  }
  assert.equal(bySeries.size, Object.keys(declared.metrics).length);
  return bySeries.size;
}

for (const format of ['text', 'openmetrics', 'protobuf'] as const) {
  test(`random contracts in ${format}`, async (t) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(program, async (given) => {
        const observed = await observe(await page(given, format), format);
        const { contract, left } = infer(observed, { language: 'json' });
        assert.deepEqual([...left], []);
        compared += compare(given.contract, contract, observed.families, format);
        const broken = holdToContract(observed, contract, { only: true }).filter(({ severity }) => severity !== 'note');
        assert.deepEqual(broken.map(short), []);
      }),
      { numRuns: 60 },
    );
    t.diagnostic(`${compared} metrics`);
  });
}
