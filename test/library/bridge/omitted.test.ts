import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';

const declared = contract('demo', { runs: counter({ help: 'Runs.' }) });

for (const thread of [false, true]) {
  test(`a family that is left out for its name is told once, and pushed (${thread ? 'from a thread' : 'in this thread'})`, async (t) => {
    const lines: string[] = [];
    const log = (line: string) => {
      // A machine may have something to say of its loopback.
      if (!line.startsWith('listen:')) lines.push(line);
    };
    const bridge = meterbridge(declared, { isolated: true, push: false, env: {}, log });
    t.after(bridge.close);
    bridge.metrics.runs.add(1);
    bridge.meterProvider.getMeter('library').createGauge('demo.runs.total').record(2);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    for (let n = 0; n < 2; n++) {
      const text = await (await fetch(url)).text();
      assert.match(text, /^demo_runs_total 1$/m);
      assert.doesNotMatch(text, / 2$/m);
    }
    await until('told', () => lines.length > 0);
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(
      lines[0] ?? '',
      /^demo_runs_total: a scrape leaves it out, because another instrument comes out under this name/,
    );
    const { resourceMetrics } = await bridge.producer.collect();
    assert.deepEqual(
      resourceMetrics.scopeMetrics.map(({ scope, metrics }) => [scope.name, metrics[0]?.dataPoints[0]?.value]),
      [
        ['demo', 1],
        ['library', 2],
      ],
    );
  });

  test(`a name that only OpenMetrics reserves: told once, counted, and shown in text (${thread ? 'from a thread' : 'in this thread'})`, async (t) => {
    const lines: string[] = [];
    const log = (line: string) => {
      if (!line.startsWith('listen:')) lines.push(line);
    };
    const bridge = meterbridge(declared, { isolated: true, push: false, env: {}, log, selfMetrics: true });
    t.after(bridge.close);
    bridge.meterProvider.getMeter('library').createGauge('demo.runs').record(2);
    bridge.metrics.runs.add(1);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    const page = async (accept: string) => (await fetch(url, { headers: { accept } })).text();
    for (let n = 0; n < 2; n++) {
      const text = await page('text/plain');
      assert.match(text, /^demo_runs_total 1$/m);
      assert.match(text, /^demo_runs\{.*\} 2$/m);
      const openMetrics = await page('application/openmetrics-text;version=1.0.0');
      assert.match(openMetrics, /^# TYPE demo_runs counter$/m);
      assert.match(openMetrics, /^demo_runs_total 1$/m);
      assert.doesNotMatch(openMetrics, /^demo_runs\{/m);
    }
    await until('told', () => lines.length > 0);
    assert.deepEqual(lines, [
      'demo_runs: a scrape in OpenMetrics leaves it out, because demo_runs_total has or reserves the same name there. Fix: rename one of the two; text, protobuf and a push carry both',
    ]);
    assert.match(await page('text/plain'), /^meterbridge_families_omitted_total\{reason="openmetrics_name"\} 2$/m);
  });

  test(`two scopes that describe a metric differently are named (${thread ? 'from a thread' : 'in this thread'})`, async (t) => {
    const lines: string[] = [];
    const log = (line: string) => {
      if (!line.startsWith('listen:')) lines.push(line);
    };
    const bridge = meterbridge(declared, { isolated: true, push: false, env: {}, log });
    t.after(bridge.close);
    const { meterProvider } = bridge;
    meterProvider.getMeter('lib.a', '1').createCounter('shared.count', { description: 'From a.' }).add(1);
    meterProvider.getMeter('lib.b', '2').createCounter('shared.count', { description: 'From b.' }).add(2);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    for (let n = 0; n < 2; n++) assert.equal((await (await fetch(url)).text()).match(/^shared_count_total\{/gm)?.length, 2);
    await until('told', () => lines.length > 0);
    assert.deepEqual(lines, [
      'shared_count_total: instruments of the scopes "lib.a", version "1" and "lib.b", version "2" come out under this name, and their help or unit differs; a scrape shows those of the first, with the series of both, and a push has all. Fix: none is needed if both measure the same in one unit; in code of your own, give both one help and unit, or two names',
    ]);
  });

  test(`a family that a page has no room for is told once, and counted (${thread ? 'from a thread' : 'in this thread'})`, async (t) => {
    const lines: string[] = [];
    const log = (line: string) => {
      if (!line.startsWith('listen:')) lines.push(line);
    };
    const wide = contract('wide', {
      agents: counter({ help: 'Agents.', labels: { agent: capped({ limit: 100 }) } }),
      runs: counter({ help: 'Runs.' }),
    });
    const scrape = { maxBytes: 15_000 };
    const bridge = meterbridge(wide, { isolated: true, push: false, env: {}, log, scrape, selfMetrics: true });
    t.after(bridge.close);
    for (let n = 0; n < 80; n++) bridge.metrics.agents.add(1, { agent: `${n}`.padEnd(200, 'x') });
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    for (let n = 0; n < 2; n++) {
      const answer = await fetch(url);
      assert.equal(answer.status, 200);
      const text = await answer.text();
      assert.match(text, /^wide_runs_total 0$/m);
      assert.doesNotMatch(text, /wide_agents/);
    }
    await until('told', () => lines.length > 0);
    assert.deepEqual(
      lines.map((line) => line.replace(/:.*/, '')),
      ['wide_agents_total'],
    );
    const families = await bridge.gather();
    const omitted = families.find(({ name }) => name === 'meterbridge_families_omitted_total')?.samples;
    assert.deepEqual(
      omitted?.map(({ labels, value }) => [labels[0]?.[1], value]),
      [
        ['size', 2],
        ['name', 0],
        ['openmetrics_name', 0],
      ],
    );
  });
}

test('a host whose document wants it answers 500 in its place', async (t) => {
  const options = { isolated: true, push: false, env: {}, log: () => {}, scrape: { maxBytes: 10, onTooLarge: 'fail' } } as const;
  const bridge = meterbridge(declared, options);
  t.after(bridge.close);
  const { url } = await bridge.listen('127.0.0.1:0');
  assert.equal((await fetch(url)).status, 500);
});
