import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBookkeeping } from '../../../examples/bookkeeping.ts';
import type { TaskConfig } from '../../../examples/runwisp/config.ts';
import { MISSED_AT_MOST, nextSlot, schedule, slotsBetween } from '../../../examples/runwisp/schedule.ts';

const never = { cron: undefined, everyMs: undefined, timeoutMs: undefined };
const task: TaskConfig = { name: 'backup', kind: 'task', run: 'true', keepRuns: 10, keepForMs: 1_000, ...never };
const minutes = (count: number) => count * 60_000;
const noon = Date.UTC(2026, 6, 28, 12);

test('an interval counts from the slot before', () => {
  assert.equal(nextSlot({ ...task, everyMs: 500 }, noon), noon + 500);
  assert.deepEqual(slotsBetween({ ...task, everyMs: 500 }, noon, noon + 1_200), [noon + 500, noon + 1_000]);
});

test('a cron slot is strictly later', () => {
  const quarterly = { ...task, cron: '*/15 * * * *' };
  assert.equal(nextSlot(quarterly, noon), noon + minutes(15));
  assert.deepEqual(slotsBetween(quarterly, noon, noon + minutes(30)), [noon + minutes(15), noon + minutes(30)]);
});

test('a cron expression that never matches again has no slot', () => {
  assert.equal(nextSlot({ ...task, cron: '0 0 31 2 *' }, noon), undefined);
});

test('a long absence is bounded', () => {
  assert.equal(slotsBetween({ ...task, everyMs: 1 }, 0, noon).length, MISSED_AT_MOST);
});

/** Schedules with a database and processes that only note what happens to them. */
function run(everyMs: number, last: number | undefined, now: number) {
  const seen: string[] = [];
  let lastSlot = last;
  const store = {
    lastSlot: () => lastSlot,
    settle(_name: string, missed: readonly number[], slot: number) {
      for (const one of missed) seen.push(`missed ${one - noon}`);
      lastSlot = slot;
    },
    retain: () => void seen.push('retain'),
  };
  const supervisor = { active: () => 0, start: () => seen.push('start') };
  const stop = schedule(
    { ...task, everyMs },
    store as never,
    createBookkeeping(() => {}),
    supervisor as never,
    () => {},
    () => now,
  );
  stop();
  return { seen, lastSlot };
}

test('slots that passed while the daemon was down are missed', () => {
  assert.deepEqual(run(minutes(1), noon, noon + minutes(2) + 1), {
    seen: ['missed 60000', 'missed 120000', 'retain'],
    lastSlot: noon + minutes(2),
  });
});

test('a first start has missed nothing', () => {
  assert.deepEqual(run(minutes(1), undefined, noon), { seen: [], lastSlot: noon });
});

test('a clock that was set back does not silence a schedule', () => {
  assert.deepEqual(run(minutes(1), noon + minutes(60), noon), { seen: [], lastSlot: noon });
});
