/**
 * What a call with a label value that nobody has seen costs beside one with a known value, in the same run and each value's
 * string made ahead:
 * `node test/library/recording/store-engine/flood.ts`. Medians of many short rounds. No test depends on it.
 */
import { capped, contract, counter, histogram, identity, oneOf } from '../../../../src/core/contract/index.ts';
import { meterbridge } from '../../../../src/index.ts';

const method = oneOf('GET', 'POST');
const declared = contract('m', {
  capped: counter({ help: 'Capped.', labels: { page: capped() } }),
  pair: counter({ help: 'Pair.', labels: { method, page: capped() } }),
  time: histogram({ unit: 's', help: 'Time.', labels: { page: capped() } }),
  identity: counter({ help: 'Identity.', labels: { task: identity({ limit: 100 }) } }),
  tasks: counter({ help: 'Tasks.', labels: { method, task: identity({ limit: 100 }) } }),
});
const { metrics, meterProvider } = meterbridge(declared, { push: false, log: () => {} });
const library = meterProvider.getMeter('lib');
const hits = library.createCounter('lib.hits');
const durations = library.createHistogram('lib.duration');

const calls: Readonly<Record<string, (value: string) => void>> = {
  'capped, one label': (page) => metrics.capped.add(1, { page }),
  'capped, two labels': (page) => metrics.pair.add(1, { method: 'GET', page }),
  'capped, histogram': (page) => metrics.time.record(1, { page }),
  'identity, one label': (task) => metrics.identity.add(1, { task }),
  'identity, two labels': (task) => metrics.tasks.add(1, { method: 'GET', task }),
  'uncontracted, one attribute': (route) => hits.add(1, { route }),
  'uncontracted, three attributes': (route) =>
    durations.record(1, { 'http.request.method': 'GET', 'http.route': route, 'http.response.status_code': 200 }),
};

const batch = 500;
const batches = 1_000;
let made = 0;

function fresh(): readonly string[] {
  return Array.from({ length: batch }, () => Buffer.from(`/orders/items/${made++}`).toString('latin1'));
}

/** Nanoseconds a call. */
function cost(call: (value: string) => void, values: readonly string[]): number {
  const from = performance.now();
  for (const value of values) call(value);
  return ((performance.now() - from) * 1e6) / values.length;
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] as number;
}

for (const [name, call] of Object.entries(calls)) {
  const known = Array.from({ length: batch }, (_, at) => `/known/${at % 50}`);
  for (const value of known) call(value);
  for (let at = 0; at < 20; at++) for (const value of fresh()) call(value);
  const times = Array.from({ length: batches }, () => [cost(call, known), cost(call, fresh())] as const);
  const [old, flood] = [median(times.map(([one]) => one)), median(times.map(([, one]) => one))];
  console.log(`${name.padEnd(24)} known ${old.toFixed(0)} ns, new ${flood.toFixed(0)} ns, ${(flood / old).toFixed(1)} times`);
}
process.exit();
