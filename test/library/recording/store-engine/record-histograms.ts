/** In a process of its own: records into histograms, and says how many bytes a record took. */
import { allocatedBy } from '../../../../bench/allocated.ts';
import { contract, histogram, identity } from '../../../../src/core/contract/index.ts';
import { testBridge } from '../../../../src/testing.ts';

const labels = { task: identity({ limit: 10 }) };
const declared = contract('a', {
  wait: histogram({ unit: 's', help: 'Wait.', exponential: {}, minMax: true, labels }),
  size: histogram({ unit: 'By', help: 'Size.', bounds: [1, 2, 4], minMax: true, labels }),
  both: histogram({ unit: 'By', help: 'Both.', bounds: [1, 2, 4], exponential: {}, minMax: true, labels }),
});
const { metrics, bridge } = testBridge(declared);

/**
 * Six orders of magnitude, zeros among them, so that buckets are added at both ends and halved. Whole numbers in a plain list,
 * and labels that are made once: a caller's object takes 32 bytes, and a double that it passes 16, whoever is called.
 */
const values = Array.from({ length: 1_024 }, (_, at) => (at % 50 === 0 ? 0 : Math.round(10 ** ((at % 61) / 10))));
const [a, c] = [{ task: 'a' }, { task: 'c' }];
const times = 100_000;

const bound = metrics.wait.bind({ task: 'b' });
const boundBoth = metrics.both.bind({ task: 'b' });
const api = bridge.meterProvider.getMeter('a').createHistogram('a.wait');

// A loop each: what is shared by several is not compiled for any of them, and boxes its numbers.
const all = {
  exponential() {
    for (let at = 0; at < times; at++) metrics.wait.record(values[at & 1_023] as number, a);
  },
  bound() {
    for (let at = 0; at < times; at++) bound.record(values[at & 1_023] as number);
  },
  api() {
    for (let at = 0; at < times; at++) api.record(values[at & 1_023] as number, c);
  },
  explicit() {
    for (let at = 0; at < times; at++) metrics.size.record(values[at & 1_023] as number, a);
  },
  both() {
    for (let at = 0; at < times; at++) metrics.both.record(values[at & 1_023] as number, a);
  },
  boundBoth() {
    for (let at = 0; at < times; at++) boundBoth.record(values[at & 1_023] as number);
  },
};

const bytes: Record<string, number> = {};
for (const [name, work] of Object.entries(all)) {
  for (let round = 0; round < 20; round++) work();
  // The least of a few: the compiler allocates too, when it comes by.
  bytes[name] = Math.min(...Array.from({ length: 5 }, () => allocatedBy(work))) / times;
}
process.stdout.write(JSON.stringify(bytes));
