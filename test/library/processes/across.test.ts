/** How gauges combine, as their contract says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { acrossChoices } from '../../../src/core/contract/metric.ts';
import { contract, gauge, meterbridge, oneOf, upDownCounter } from '../../../src/index.ts';
import { promClientNames } from '../../../src/library/runtime-metrics/prom-client-names.ts';
import { directoryOf } from './bridges.ts';

const skip = process.platform === 'win32';
const recorded = Object.fromEntries(acrossChoices.map((across) => [across, gauge({ help: 'Open.', across })]));
const observed = Object.fromEntries(
  acrossChoices.map((across) => [`${across}Observed`, upDownCounter({ help: 'Open.', observed: true, across })]),
);
const declarations = { ...recorded, ...observed };
/** From the oldest process to the youngest. */
const values = [4, -1, 6];

type Settable = { set(value: number): void; observe(callback: () => number): void };

function report(metrics: object, value: number): void {
  for (const [key, metric] of Object.entries(metrics) as [string, Settable][]) {
    if (key.endsWith('Observed')) metric.observe(() => value);
    else metric.set(value);
  }
}

/** Of recorded and observed ones alike. */
const both = (name: string, labels: string, value: number) => ({
  [`shop_${name}${labels}`]: value,
  [`shop_${name}_observed${labels}`]: value,
});
const expected = {
  ...both('sum', '', 9),
  ...both('max', '', 6),
  ...both('min', '', -1),
  ...both('average', '', 3),
  ...both('first', '', 4),
  ...both('worker', '{worker="0"}', 4),
  ...both('worker', '{worker="1"}', -1),
  ...both('worker', '{worker="2"}', 6),
};

test('each choice shows what it says, whichever process is scraped', { skip }, async (t) => {
  const { join } = directoryOf(t);
  const members = [];
  for (const value of values) {
    const member = await join(declarations);
    report(member.bridge.metrics, value);
    members.push(member);
  }
  for (const { scrape } of members) assert.deepEqual(await scrape(), expected);
});

test('only processes that report a value count', { skip }, async (t) => {
  const { join } = directoryOf(t);
  const labelled = { open: gauge({ help: 'Open.', across: 'average', labels: { door: oneOf('a', 'b') }, zeroFilled: false }) };
  const [one, two] = [await join(labelled), await join(labelled)];
  one.bridge.metrics.open.set(4, { door: 'a' });
  two.bridge.metrics.open.set(8, { door: 'a' });
  two.bridge.metrics.open.set(3, { door: 'b' });
  assert.deepEqual(await one.scrape(), { 'shop_open{door="a"}': 6, 'shop_open{door="b"}': 3 });
});

test('the number of a process that has ended goes to the next one', { skip }, async (t) => {
  const { join } = directoryOf(t);
  const each = { open: gauge({ help: 'Open.', across: 'worker' }) };
  const members = [await join(each), await join(each), await join(each)];
  for (const [at, { bridge }] of members.entries()) bridge.metrics.open.set(at);
  await members[1]?.bridge.close();
  assert.deepEqual(await members[0]?.scrape(), { 'shop_open{worker="0"}': 0, 'shop_open{worker="2"}': 2 });
  const late = await join(each);
  late.bridge.metrics.open.set(9);
  assert.deepEqual(await late.scrape(), { 'shop_open{worker="0"}': 0, 'shop_open{worker="1"}': 9, 'shop_open{worker="2"}': 2 });
});

test('without the option nothing changes', async (t) => {
  const bridge = meterbridge(contract('shop', declarations), { isolated: true, env: {} });
  t.after(() => bridge.close());
  report(bridge.metrics, 5);
  const shown = (await bridge.gather()).flatMap(({ samples }) =>
    samples.map(({ name, labels, value }) => [name, [...labels], value]),
  );
  const names = acrossChoices.flatMap((across) => [`shop_${across}`, `shop_${across}_observed`]);
  assert.deepEqual(shown.sort(), names.map((name) => [name, [], 5]).sort());
});

test("each of prom-client's default gauges combines as its own aggregator does", async () => {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const ours = Object.values(promClientNames.metrics).filter(({ across }) => across !== undefined);
  let compared = 0;
  for (const { name, aggregator } of (await register.getMetricsAsJSON()) as unknown as { name: string; aggregator: string }[]) {
    const mine = ours.find(({ series }) => series === name);
    if (mine !== undefined) assert.equal(mine.across, aggregator, name);
    compared += mine === undefined ? 0 : 1;
  }
  assert.ok(compared >= 20, `${compared}`);
});
