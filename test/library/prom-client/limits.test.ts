/** What a bridge shows of a registry, held against what prom-client shows of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, Registry } from 'prom-client';
import { contract } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrape } from './scrape.ts';

const empty = contract('app', {});

test('series and label values have limits, and those that are there stay', async () => {
  const { bridge, log } = testBridge(empty, { selfMetrics: true });
  const register = new Registry();
  const first = new Gauge({ name: 'first', help: 'First.', labelNames: ['n'], registers: [register] });
  const second = new Gauge({ name: 'second', help: 'Second.', labelNames: ['n'], registers: [register] });
  fromPromClient(bridge, register, { maxSeries: 3, maxLabelBytes: 32 });
  second.set({ n: 'é'.repeat(100) }, 1);
  second.set({ n: 'short' }, 1);
  assert.match(await scrape(bridge), /^second\{n="éééé[^"]{3,60}"\} 1$/m);
  first.set({ n: '1' }, 1);
  first.set({ n: '2' }, 1);
  const page = await scrape(bridge);
  assert.deepEqual(page.match(/^(first|second)\{n="[^é"]*"\} 1$/gm), ['first{n="1"} 1', 'second{n="short"} 1']);
  assert.match(page, /^meterbridge_measurements_refused_total\{metric="uncontracted",reason="no_room"\} 1$/m);
  assert.match(page, /^meterbridge_labels_shortened_total 2$/m);
  assert.equal(log.length, 2);
  assert.match(log.join('\n'), /second\{n\}: a label value of more than 32 bytes is shortened/);
  assert.match(log.join('\n'), /series beyond 3 are left out/);
});

test('a name has a limit: of a metric and of its labels', async () => {
  const { bridge, log } = testBridge(empty, { selfMetrics: true });
  const named = (name: string, label: string) => ({
    name,
    help: '',
    type: 'gauge',
    values: [{ value: 1, labels: { [label]: 'v' } }],
  });
  const [longest, tooLong] = ['a'.repeat(1_024), 'b'.repeat(1_025)];
  const metrics = [
    named(longest, longest),
    named(tooLong, 'l'),
    named('long_label', tooLong),
    named('c'.repeat(1_000_000), 'l'),
    named('x\ny', 'l'),
  ];
  fromPromClient(bridge, { getMetricsAsJSON: async () => metrics });
  await scrape(bridge);
  const page = await scrape(bridge);
  assert.ok(page.includes(`\n${longest}{${longest}="v"} 1\n`));
  assert.deepEqual([page.includes('bbb'), page.includes('ccc'), page.includes('long_label')], [false, false, false]);
  assert.match(page, /^meterbridge_families_omitted_total\{reason="name"\} 8$/m);
  const lines = log.filter((line) => line.includes('left out'));
  assert.equal(lines.length, 4);
  for (const line of lines)
    assert.match(line, /^"[^\n]{1,70}: this metric of the prom-client registry is left out: [^\n]+ Fix: rename it$/);
});

test('what 20,000 metrics take grows with their number', async () => {
  const timeOf = async (count: number): Promise<number> => {
    const { bridge } = testBridge(empty, { scrape: { maxBytes: 1 } });
    const metrics = Array.from({ length: count }, (_, at) => ({
      name: `m_${at}`,
      help: '',
      type: 'gauge',
      values: [{ value: at }],
    }));
    const stop = fromPromClient(bridge, { getMetricsAsJSON: async () => metrics }, { maxSeries: count });
    const from = process.cpuUsage();
    await bridge.refresh();
    const { user, system } = process.cpuUsage(from);
    stop();
    return user + system;
  };
  await timeOf(2_000);
  const [few, many] = [await timeOf(2_000), await timeOf(20_000)];
  // 10 times as many; with time that grows by their square it was 60 times.
  assert.ok(many < 30 * few, `${many} against ${few} µs`);
});
