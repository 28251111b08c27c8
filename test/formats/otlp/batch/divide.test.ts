/** Batches in parts: together they are the batch, and each is one that could have been sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchTree, copyBatch, readBatch } from '../../../../src/collector.ts';
import type { Batch } from '../../../../src/formats/otlp/batch/batch.ts';
import { divide, isHeavier } from '../../../../src/formats/otlp/batch/rewrite/divide.ts';
import { request } from '../generated.ts';
import { Choices, writeRandom } from '../wire-forms.ts';

/** Each point on its own, with all that it belongs to. */
function pointsOf(batches: readonly Batch[]): unknown[] {
  return batches.flatMap((batch) =>
    batchTree(batch).flatMap(({ scopes, ...resource }) =>
      scopes.flatMap(({ metrics, ...scope }) =>
        metrics.flatMap(({ points, ...metric }) => points.map((point) => ({ resource, scope, metric, point }))),
      ),
    ),
  );
}

test('the parts have the points of the batch in its order, and none weighs too much, or has too many bytes of points', () => {
  let parts = 0;
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 400, size: 'max' }),
      fc.integer({ min: 33, max: 80 }),
      (choices, weight) => {
        const most = { weight, bytes: 16 * weight };
        const batch = readBatch(writeRandom(request, new Choices(choices)));
        const own: Batch[] = [];
        for (const part of divide(batch, most)) own.push(copyBatch(part));
        parts += own.length;
        assert.deepEqual(pointsOf(own), pointsOf([batch]));
        for (const part of own) {
          assert.ok(!isHeavier(part, most), `${part.points} points`);
          assert.deepEqual(batchTree(readBatch(part.bytes)), batchTree(part));
        }
        if (!isHeavier(batch, most) && batch.points > 0) assert.equal(own.filter(({ points }) => points > 0).length, 1);
      },
    ),
    { numRuns: 1_000, seed: 1 },
  );
  assert.ok(parts > 1_500, `${parts} parts: the requests say nothing`);
});
