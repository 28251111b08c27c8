/** An app moves from prom-client to a contract in four steps, and what it exposes never changes. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { contract } from '../../../../src/index.ts';
import { fromPromClient } from '../../../../src/prom-client.ts';
import { runtimeMetrics } from '../../../../src/runtime-metrics.ts';
import { testBridge } from '../../../../src/testing.ts';
import { type Page, pageOf } from '../exposition.ts';
import { scrape } from '../scrape.ts';
import { all, half, live, moved, onMeterbridge, onPromClient, whole } from './metrics.ts';

/** What prom-client alone shows, before and after the app has recorded twice. */
let one: readonly Page[];

const isDefault = (name: string) => /^(process|nodejs)_/.test(name);
const own = (page: Page): Page => Object.fromEntries(Object.entries(page).filter(([name]) => !isDefault(name)));
/** Names and types of the default metrics. */
const defaults = (page: Page) =>
  Object.entries(page).flatMap(([name, lines]) =>
    isDefault(name) ? lines.filter((line) => line.startsWith(`# TYPE ${name} `)) : [],
  );

async function lives(record: Parameters<typeof live>[0], page: () => Promise<string>): Promise<readonly Page[]> {
  const pages = [pageOf(await page())];
  for (let times = 0; times < 2; times++) {
    live(record);
    pages.push(pageOf(await page()));
  }
  return pages;
}

before(async () => {
  const register = new Registry();
  collectDefaultMetrics({ register });
  one = await lives(onPromClient(all, register), () => register.metrics());
});

test('step 1: prom-client alone has 20 metrics and its default ones', () => {
  for (const page of one) {
    assert.equal(Object.keys(own(page)).length, 20);
    assert.ok(defaults(page).length > 25);
  }
  assert.notDeepEqual(one[0], one[1]);
  assert.notDeepEqual(one[1], one[2]);
});

test('step 2: a bridge serves the registry', async () => {
  const { bridge, log } = testBridge(contract('app', {}));
  const register = new Registry();
  collectDefaultMetrics({ register });
  fromPromClient(bridge, register);
  const two = await lives(onPromClient(all, register), () => scrape(bridge));
  assert.deepEqual(two.map(own), one.map(own));
  assert.deepEqual(two.map(defaults), one.map(defaults));
  assert.deepEqual(log, []);
});

test('step 3: half of the metrics are in a contract', async () => {
  const { bridge, metrics, log } = testBridge(half);
  const register = new Registry();
  collectDefaultMetrics({ register });
  fromPromClient(bridge, register);
  const [ours, theirs] = [all.filter(({ series }) => moved.has(series)), all.filter(({ series }) => !moved.has(series))];
  const [here, there] = [onMeterbridge(ours, metrics), onPromClient(theirs, register)];
  const three = await lives(
    (...call) => {
      here(...call);
      there(...call);
    },
    () => scrape(bridge),
  );
  assert.equal(ours.length, 10);
  assert.deepEqual(three.map(own), one.map(own));
  assert.deepEqual(three.map(defaults), one.map(defaults));
  assert.deepEqual(log, []);
});

test('step 4: all are in a contract, and prom-client is gone', async () => {
  const { bridge, metrics, log } = testBridge(whole);
  const stop = runtimeMetrics(bridge, { names: 'prom-client' });
  const four = await lives(onMeterbridge(all, metrics), () => scrape(bridge));
  stop();
  assert.deepEqual(four.map(own), one.map(own));
  // All of prom-client's, in the end: a garbage collection and a delay of the event loop take their time.
  const [, , page] = four;
  const shown = new Set(defaults(page as Page));
  const missing = defaults(one[2] as Page).filter((line) => !shown.has(line));
  assert.deepEqual(missing, []);
  assert.deepEqual(log, []);
});
