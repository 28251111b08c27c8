/** Attributes that a processor has changed stand apart, and are found by their place: a page is what it is where the batch is written anew. */
import { deepEqual } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Consume, Exporter } from '../../../../src/collector/component.ts';
import { readBatch } from '../../../../src/otlp/batch/batch.ts';
import { requestOf } from '../../../received/sender.ts';
import { rig as processorRig } from '../../processors/rig.ts';
import { type Rig, startExporter } from './rig.ts';

const minute = 60_000;
const [metrics, values] = [2, 6];
/** Processors in front of one exporter, and a way past them. What the first two make is of the same length, so that their places are the same. */
const roads = {
  prod: 'actions: [{key: drop, action: delete}, {key: env, action: insert, value: prod}]',
  test: 'actions: [{key: drop, action: delete}, {key: env, action: insert, value: test}]',
  some: 'include: {match_type: strict, metric_names: [m0]}\nactions: [{key: env, action: upsert, value: test}]',
  none: undefined,
} as const;
type Road = keyof typeof roads;

interface Side extends Rig {
  readonly by: Readonly<Record<Road, Consume>>;
}

async function startSide(t: TestContext, apart: boolean): Promise<Side> {
  const side = await startExporter(t, { metric_expiration: minute });
  const next = (batch: Parameters<Consume>[0]) => side.exporter.consume(batch) as undefined;
  const through = (yaml: string): Exporter => processorRig('attributes', yaml, undefined, { apart, next }).processor;
  return {
    ...side,
    by: { prod: through(roads.prod).consume, test: through(roads.test).consume, some: through(roads.some).consume, none: next },
  };
}

interface Sent {
  readonly road: Road;
  /** Of points, in their order: the metric, and the value of an attribute. */
  readonly points: readonly (readonly [metric: number, value: number])[];
  readonly times: number;
  readonly passes: number;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  road: fc.constantFrom<Road>('prod', 'prod', 'test', 'test', 'some', 'none'),
  points: fc
    .tuple(fc.nat(metrics - 1), fc.nat(values - 1), fc.integer({ min: 1, max: values }))
    .map(([metric, from, count]) => Array.from({ length: count }, (_, at) => [metric, (from + at) % values] as const)),
  times: fc.constantFrom(1, 2, 20),
  passes: fc.constantFrom(0, minute / 2, 2 * minute),
});

test('a page is the same, whichever processor sends to it, and whatever ends', async (t) => {
  let value = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 12 }), async (all) => {
      const sides = [await startSide(t, true), await startSide(t, false)] as const;
      for (const { road, points, times, passes } of all) {
        for (let time = 0; time < times; time++) {
          value++;
          const request = requestOf({
            metrics: points.map(([metric, at]) => ({
              name: `m${metric}`,
              type: 'gauge',
              points: [
                { int: value * 100 + at, time: BigInt(value), attributes: { k: `${at + 10}`, drop: 'x', ...(at === 3 && { env: 'own' }) } },
              ],
            })),
          });
          for (const side of sides) side.by[road](readBatch(request));
        }
        for (const side of sides) {
          side.pass(passes);
          await side.text();
        }
      }
      deepEqual(await sides[0].samples(), await sides[1].samples());
    }),
    { numRuns: 60 },
  );
});
