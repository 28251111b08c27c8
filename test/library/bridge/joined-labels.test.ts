/**
 * Attributes that become one label: "the values MUST be concatenated together, separated by `;`" (specification, "Metric
 * Attributes"). No query for one of them finds that, so it is told and counted, whichever engine records and whichever thread
 * renders.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, meterbridge } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { until } from '../../until.ts';

const declared = contract('demo', { runs: counter({ help: 'Runs.' }) });
const fix = 'which has their values joined with ";". Fix: rename all but one, or leave them out, where they are recorded';

for (const [name, engine, thread] of [
  ['store', undefined, false],
  ['store, from a thread', undefined, true],
  ['sdk', sdkEngine(), false],
] as const) {
  test(`${name}: told once, with the names and the fix, and counted`, async (t) => {
    const lines: string[] = [];
    const log = (line: string) => {
      // A machine may have something to say of its loopback.
      if (!line.startsWith('listen:')) lines.push(line);
    };
    const bridge = meterbridge(declared, {
      isolated: true,
      push: false,
      env: {},
      log,
      selfMetrics: true,
      ...(engine && { engine }),
    });
    t.after(bridge.close);
    const meter = bridge.meterProvider.getMeter('lib');
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    const page = async (accept: string) => (await fetch(url, { headers: { accept } })).text();
    assert.match(await page('text/plain'), /^meterbridge_attribute_names_merged_total 0$/m);
    meter.createCounter('hits').add(1, { 'a.b': '1', a_b: '3' });
    meter.createCounter('hits').add(1, { a_b: '4', 'a.b': '2' });
    meter.createGauge('load').record(7, { a_b: '3', 'a.b': '1' });
    meter.createGauge('load').record(8, { 'a.b': '1' });
    meter.createGauge('load').record(9, { 'a.b': '1', 'a-b': '2', a_b: '3', x: '4' });
    for (const accept of ['text/plain', 'application/openmetrics-text;version=1.0.0', 'text/plain']) {
      const text = await page(accept);
      for (const sample of [
        /a_b="1;3"/,
        /a_b="2;4"/,
        /^load\{a_b="1;3",.*\} 7/m,
        /^load\{a_b="1",.*\} 8/m,
        /^load\{a_b="2;1;3",x="4",.*\} 9/m,
      ])
        assert.match(text, sample);
    }
    await until('told', () => lines.length >= 2);
    assert.deepEqual(lines.toSorted(), [
      `the attributes "a-b", "a.b", "a_b" become one label, "a_b", ${fix}`,
      `the attributes "a.b", "a_b" become one label, "a_b", ${fix}`,
    ]);
    assert.match(await page('text/plain'), /^meterbridge_attribute_names_merged_total 2$/m);
  });
}

test('two attributes of one label each are told nothing', async (t) => {
  const lines: string[] = [];
  const bridge = meterbridge(declared, { isolated: true, push: false, env: {}, log: (line) => lines.push(line) });
  t.after(bridge.close);
  bridge.meterProvider.getMeter('lib').createCounter('hits').add(1, { 'http.route': '/', 'http.method': 'GET' });
  assert.match(await (await fetch((await bridge.listen('127.0.0.1:0')).url)).text(), /http_method="GET",http_route="\/"/);
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('listen:')),
    [],
  );
});
