/** `node:cluster`: workers share a port, and whichever gets the connection shows all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until.ts';
import { clusterOf } from './clusters.ts';

const names = ['a', 'b', 'c', 'd'];

for (const primary of ['bare', 'loads'] as const) {
  test(`four workers of a primary that ${primary === 'bare' ? 'does not load Meterbridge' : 'has a bridge'}: each scrape shows 100 of 100`, {
    skip: process.platform === 'win32',
  }, async (t) => {
    const cluster = clusterOf(t, primary);
    await Promise.all(names.map(cluster.start));
    for (const name of names) cluster.send({ count: name, times: 25 });
    await until('all have counted', () => names.every((name) => cluster.counted.get(name) === 25));
    const all = new Map(names.map((name) => [name, 25]));
    // One after the other has the connection. On a busy machine one may be late, and its last values shown.
    for (const from of [...names, ...(primary === 'loads' ? ['primary'] : [])]) {
      await until(`${from} shows 100`, async () => {
        const shown = await cluster.scrape(from);
        for (const [name, value] of shown) assert.ok(value <= (all.get(name) ?? 0), `${name}: ${value}`);
        return names.every((name) => shown.get(name) === 25);
      });
    }
  });
}
