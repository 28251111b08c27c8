/** Rates by a clock of the test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMeters } from '../../../src/status/flow/meters.ts';

function clockwork(start = 1_000_000) {
  let now = start;
  const meters = createMeters(() => now);
  return {
    meters,
    now: () => now,
    pass(seconds: number, each = () => {}) {
      for (let second = 0; second < seconds; second++) {
        now += 1_000;
        each();
        meters.tick();
      }
    },
    jump(ms: number) {
      now += ms;
      meters.tick();
    },
  };
}

test('now is the mean of the last five seconds, and not known before there are two readings', () => {
  const { meters, pass, now } = clockwork();
  let total = 0;
  const meter = meters.meter(() => total);
  assert.equal(meter.rate(now()).now, undefined);
  pass(20, () => {
    total += 100;
  });
  assert.equal(meter.rate(now()).now, 100);
  pass(2);
  assert.equal(meter.rate(now()).now, 60);
  pass(3);
  assert.equal(meter.rate(now()).now, 0);
});

test('minutes: the mean of each, the one under way over its seconds, and null where nobody counted', () => {
  const { meters, pass, now } = clockwork();
  let total = 0;
  const meter = meters.meter(() => total);
  pass(60, () => {
    total += 10;
  });
  pass(60);
  pass(30, () => {
    total += 4;
  });
  const { minutes } = meter.rate(now());
  assert.deepEqual(minutes, [...Array(12).fill(null), 10, 0, 4]);
  assert.deepEqual(meter.perMinute(), [...Array(12).fill(null), 600, 0, 120]);
  pass(60 * 20, () => {
    total += 1;
  });
  assert.deepEqual(meter.rate(now()).minutes.slice(1, 14), Array(13).fill(1));
});

test('a machine that slept: its minutes are not known, and what came meanwhile is a mean over the sleep', () => {
  const { meters, pass, jump, now } = clockwork();
  let total = 0;
  const meter = meters.meter(() => total);
  pass(60);
  total += 300;
  jump(300_000);
  const { minutes } = meter.rate(now());
  assert.equal(minutes.at(-2), 1);
  assert.deepEqual(minutes.slice(-6, -2), [null, null, null, null]);
});

test('a meter that is removed is read no longer', () => {
  const { meters, pass } = clockwork();
  let reads = 0;
  const meter = meters.meter(() => reads++);
  pass(1);
  meters.remove(meter);
  const before = reads;
  pass(3);
  assert.equal(reads, before);
});
