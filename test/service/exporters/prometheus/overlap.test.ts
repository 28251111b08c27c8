/**
 * Three processes of one service without instance ids send deltas: the data model calls it a violation of the single-writer
 * principle.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExporter } from './rig.ts';

test('deltas of writers that are one resource: what is not added is told, refused and counted', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true });
  const second = 1_000_000_000n;
  let refused = 0;
  for (let round = 1n; round <= 5n; round++)
    for (const offset of [0n, 330_000_000n, 660_000_000n]) {
      const start = round * second + offset;
      const points = [{ start, time: start + second, double: 1 }];
      const names = ['jobs', 'runs'];
      const metrics = names.map((name) => ({ name, type: 'sum', temporality: 1, monotonic: true, points }) as const);
      refused += rig.send({ attributes: { 'service.name': 'shop' }, metrics })?.points ?? 0;
    }
  // Each second's first one begins where the one before it ended.
  assert.deepEqual(await rig.samples(), ['jobs_total{job="shop"} 5', 'runs_total{job="shop"} 5']);
  assert.deepEqual([refused, rig.state().notTaken.get('overlap')], [20, 20]);
  assert.deepEqual(rig.warnings, [
    'deltas of jobs_total from job "shop" overlap those that were added up, and are not added: two writers send one series. Give each its own service.instance.id',
  ]);
});
