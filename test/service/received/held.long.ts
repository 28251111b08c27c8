/** What received series say that they hold is what they hold, as V8 and the process count it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { createRig } from './rig.ts';
import { requestOf, type SentResource } from './sender.ts';
import { at, buckets, gauge, histogram } from './sent.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const perRequest = 1_000;

/** Of objects and buffers, without garbage. */
function inUse(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const counts = Array.from({ length: 100 }, () => 1);
const bounds = (k: number) => Array.from({ length: 99 }, (_, bound) => bound + k * 1e-6);
const label = (k: number) => ({ ...at(1, k), attributes: { host: `host-${k % 100}`, path: `/api/orders/${k}` } });

const cases: Record<string, { readonly count: number; resource(k: number): SentResource }> = {
  'series of one resource': {
    count: 100_000,
    resource: (k) => ({ attributes: { 'service.name': 's' }, metrics: [{ ...gauge, points: [label(k)] }] }),
  },
  resources: {
    count: 10_000,
    resource: (k) => ({
      attributes: { 'service.name': 's', 'service.instance.id': `instance-${k}` },
      scope: 'scope',
      metrics: [{ ...gauge, points: [at(1, 1)] }],
    }),
  },
  names: {
    count: 5_000,
    resource: (k) => ({
      metrics: [{ ...gauge, name: `metric.of.some.length.${k}`, description: 'What it is.', points: [at(1, 1)] }],
    }),
  },
  'sets of bounds': {
    count: 2_000,
    resource: (k) => ({
      metrics: [{ ...histogram, points: [{ ...buckets(1, 1, counts, 1, bounds(k)), attributes: { k: `${k}` } }] }],
    }),
  },
};

for (const [what, { count, resource }] of Object.entries(cases)) {
  test(`${what}: within a third`, (t) => {
    const rig = createRig({ maxFamilies: 1e6 });
    const request = (from: number) => readBatch(requestOf(...Array.from({ length: perRequest }, (_, k) => resource(from + k))));
    rig.received.take(request(0));
    const { held } = rig.received;
    const before = { real: inUse(), held: held.heap + held.buffers };
    for (let from = perRequest; from < count; from += perRequest) rig.received.take(request(from));
    const real = inUse() - before.real;
    const said = held.heap + held.buffers - before.held;
    t.diagnostic(`${Math.round(said / count)} bytes each said, ${Math.round(real / count)} in use`);
    // What shows them takes memory too, which is counted ahead: see `docs/limits-reference.md`.
    const ahead = what === 'names' || what === 'sets of bounds' ? 3 : 4 / 3;
    assert.ok(said > real * (3 / 4) && said < real * ahead, `${said} and ${real}`);
  });
}
