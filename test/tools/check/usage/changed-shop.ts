/**
 * A contract before and after: a renamed counter, a label, values that were renamed and split, units, and what cannot be had any
 * more.
 */
import { contract, counter, gauge, histogram, type Metric, oneOf } from '../../../../src/core/contract/index.ts';
import type { ContractDiff, Mapping } from '../../../../src/tools/check/diff/change.ts';

const help = 'For a test.';

const before = contract('shop', {
  orders: counter({ help, labels: { state: oneOf('open', 'done'), shop: oneOf('a', 'b') } }),
  paid: counter({ help, labels: { result: oneOf('ok', 'failed', 'lost') } }),
  wait: gauge({ help, unit: 'ms' }),
  took: histogram({ help, unit: 'ms', bounds: [100, 1_000] }),
  packed: histogram({ help, unit: 's', bounds: [1, 2] }),
  gone: counter({ help }),
  users: gauge({ help, labels: { country: oneOf('x', 'y') } }),
  same: counter({ help }),
}).metrics;

const after = contract('shop', {
  bought: counter({ help, labels: { status: oneOf('open', 'done'), shop: oneOf('a', 'b') } }),
  payments: counter({ help, labels: { result: oneOf('success', 'refused', 'broken', 'lost') } }),
  delay: gauge({ help, unit: 's' }),
  duration: histogram({ help, unit: 's', bounds: [0.1, 1] }),
  wrapped: histogram({ help, unit: 's', bounds: [1, 2] }),
  customers: gauge({ help }),
  same: counter({ help }),
}).metrics;

interface Other {
  readonly labels?: Readonly<Record<string, string | undefined>>;
  readonly values?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly factor?: number;
}

function mapping(from: Metric, to: Metric | undefined, { labels = {}, values = {}, factor = 1 }: Other = {}): Mapping {
  return {
    from,
    to,
    labels: new Map(Object.keys(from.labels).map((label) => [label, label in labels ? labels[label] : label])),
    values: new Map(Object.entries(values).map(([label, of]) => [label, new Map(Object.entries(of))])),
    factor,
  };
}

const mappings = [
  mapping(before.orders, after.bought, { labels: { state: 'status' } }),
  mapping(before.paid, after.payments, { values: { result: { ok: ['success'], failed: ['refused', 'broken'] } } }),
  mapping(before.wait, after.delay, { factor: 0.001 }),
  mapping(before.took, after.duration, { factor: 0.001 }),
  mapping(before.packed, after.wrapped),
  mapping(before.gone, undefined),
  mapping(before.users, after.customers, { labels: { country: undefined } }),
  mapping(before.same, after.same),
];

export const changedShop: ContractDiff = { changes: [], mappings: new Map(mappings.map((one) => [one.from.series, one])) };
