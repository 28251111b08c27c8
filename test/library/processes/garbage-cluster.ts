/** A cluster of three workers that count, in whose directory somebody leaves things. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { until } from '../../until.ts';
import { type Cluster, clusterOf } from './clusters.ts';

const names = ['a', 'b', 'c'];
const each = 25;

export async function threeWorkers(t: TestContext): Promise<Cluster> {
  const cluster = clusterOf(t, 'bare');
  await Promise.all(names.map(cluster.start));
  for (const name of names) cluster.send({ count: name, times: each });
  await until('all have counted', () => names.every((name) => cluster.counted.get(name) === each));
  await showsAll(cluster);
  return cluster;
}

/** Each worker answers 200, and shows what all have counted. Returns how long the slowest answer took, in milliseconds. */
export async function showsAll(cluster: Cluster, others: readonly string[] = []): Promise<number> {
  let slowest = 0;
  for (const from of [...names, ...others]) {
    // On a busy machine one may be late, and its last values shown.
    await until(`${from} shows all`, async () => {
      const began = performance.now();
      const shown = await cluster.scrape(from);
      slowest = Math.max(slowest, performance.now() - began);
      for (const [name, value] of shown) assert.ok(value <= each, `${name}: ${value}`);
      return names.every((name) => shown.get(name) === each);
    });
  }
  return slowest;
}
