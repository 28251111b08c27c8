import assert from 'node:assert/strict';
import test from 'node:test';
import { createRefusalLog } from '../../../src/service/telemetry/refusal-log.ts';

function setup() {
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  return { lines, refusals: createRefusalLog({ debug: write, info: write, warn: write, error: write }) };
}

test('a kind of refusal is a line when it begins and one with its count when it has ended', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { lines, refusals } = setup();
  refusals.add('too_large', 'a body of 30 MB');
  refusals.add('too_large', 'a body of 40 MB', 4);
  assert.deepEqual(lines, ['a body of 30 MB']);
  t.mock.timers.tick(59_999);
  refusals.add('too_large', 'one more');
  t.mock.timers.tick(59_999);
  assert.equal(lines.length, 1);
  t.mock.timers.tick(1);
  assert.deepEqual(lines.slice(1), ['rejected 6 times in all: too_large']);
  refusals.add('too_large', 'it begins anew');
  assert.deepEqual(lines.slice(2), ['it begins anew']);
});

test('closing says the counts of what has not ended; a single refusal was said already', () => {
  const { lines, refusals } = setup();
  refusals.add('once', 'once');
  refusals.add('often', 'often');
  refusals.add('often', 'often');
  refusals.close();
  assert.deepEqual(lines, ['once', 'often', 'rejected 2 times in all: often']);
});
