import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultMaxMemory } from '../../../src/service/limits.ts';
import { createMemoryBudget } from '../../../src/service/memory/budget.ts';

test('holders share one limit, and each is asked what it has now', () => {
  const memory = createMemoryBudget(100);
  let series = 30;
  const end = memory.add(() => series);
  memory.add(() => 20);
  assert.equal(memory.used, 50);
  assert.equal(memory.room, 50);
  series = 90;
  assert.equal(memory.used, 110);
  assert.equal(memory.room, 0, 'never below 0');
  end();
  end();
  assert.equal(memory.used, 20);
});

test('the same holder twice counts twice', () => {
  const memory = createMemoryBudget(100);
  const bytes = () => 10;
  const end = memory.add(bytes);
  memory.add(bytes);
  assert.equal(memory.used, 20);
  end();
  assert.equal(memory.used, 10);
});

test('the default is half of the control group’s limit, else 1 GiB', () => {
  const gib = 2 ** 30;
  assert.equal(defaultMaxMemory(3 * gib, 16 * gib), 1.5 * gib);
  assert.equal(defaultMaxMemory(0, 16 * gib), gib);
  // What Linux gives where there is no limit.
  assert.equal(defaultMaxMemory(2 ** 63, 16 * gib), gib);
});

test('what stays leaves a quarter of the limit to what comes and goes, and half of the heap', () => {
  const memory = createMemoryBudget(1_000, 400);
  assert.deepEqual(memory.lasting, { bytes: 750, heap: 200 });
  const end = memory.add(
    () => 300,
    () => 150,
  );
  memory.add(() => 100);
  assert.deepEqual(memory.lasting, { bytes: 350, heap: 50 });
  memory.add(() => 500);
  assert.deepEqual([memory.lasting.bytes, memory.room], [0, 100]);
  end();
  assert.deepEqual(memory.lasting, { bytes: 150, heap: 200 });
});
