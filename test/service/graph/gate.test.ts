import assert from 'node:assert/strict';
import test from 'node:test';
import type { Batch } from '../../../src/formats/otlp/batch/batch.ts';
import type { NotTaken } from '../../../src/service/component.ts';
import { createGate } from '../../../src/service/graph/gate.ts';
import { batchOfJson } from '../../../src/service/plugin/batch-of-json.ts';

const again: NotTaken = { points: 1, why: 'the service is reloading its configuration', retryable: true };
const dataPoints = [{ timeUnixNano: '1', asInt: '7' }];

/** As a receiver has it: its bytes are used again once the call has returned. */
function batch(name = 'n', points: object[] = dataPoints): Batch {
  const metrics = [{ name, gauge: { dataPoints: points } }];
  return batchOfJson({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
}

test('what comes to a closed gate waits as a copy, in order, and learns what became of it', async () => {
  const seen: string[] = [];
  const gate = createGate(({ bytes }) => {
    seen.push(Buffer.from(bytes).toString('hex'));
    return { points: 1, why: 'wrong' };
  });
  gate.shut();
  const first = batch();
  const hex = Buffer.from(first.bytes).toString('hex');
  const verdicts = [gate.consume(first), gate.consume(batch('other'))];
  first.bytes.fill(0);
  first.index.fill(0);
  assert.deepEqual(seen, []);
  gate.open();
  assert.deepEqual(await Promise.all(verdicts), [
    { points: 1, why: 'wrong' },
    { points: 1, why: 'wrong' },
  ]);
  assert.deepEqual([seen.length, seen[0]], [2, hex]);
  assert.deepEqual(gate.consume(batch()), { points: 1, why: 'wrong' });
});

test('a gate that refuses answers what waits and what comes with: send it again', async () => {
  const gate = createGate(() => assert.fail('a batch passed'));
  gate.shut();
  const waiting = gate.consume(batch());
  gate.refuse();
  assert.deepEqual([await waiting, gate.consume(batch())], [again, again]);
});

test('64 MiB wait; more is to be sent again, and there is room once they have passed', async () => {
  let passed = 0;
  const gate = createGate(() => {
    passed++;
    return undefined;
  });
  gate.shut();
  // 280 strings below the limit of a value: somewhat more than 16 MiB.
  const attributes = [{ key: 'k', value: { stringValue: 'x'.repeat(60_000) } }];
  const large = batch('n', Array(280).fill({ timeUnixNano: '1', asInt: '7', attributes }));
  const verdicts = Array.from({ length: 4 }, () => gate.consume(large));
  assert.equal(verdicts.filter((verdict) => verdict instanceof Promise).length, 3);
  assert.deepEqual(verdicts[3], { ...again, points: 280 });
  gate.open();
  await Promise.all(verdicts);
  gate.shut();
  const more = gate.consume(large);
  assert.ok(more instanceof Promise);
  gate.open();
  await more;
  assert.equal(passed, 4);
});
