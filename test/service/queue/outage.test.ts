/** The lines of failures that pass: how many, and when. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutage } from '../../../src/service/queue/outage.ts';

function rig() {
  const lines: string[] = [];
  let now = 0;
  const say = (line: string) => void lines.push(line);
  const outage = createOutage('http://x', { debug() {}, info: say, warn: say, error: say }, () => now);
  const fail = (cause: string) => outage.retrying({ cause, text: cause, fix: 'f' });
  const pass = (ms: number) => {
    now += ms;
  };
  return { fail, sent: outage.sent, lines, pass };
}
const fails = (cause: string) => `sending to http://x fails and is tried again: ${cause}. Fix: f`;

test('an outage: a line when it begins, one for each further cause, one when it has ended', () => {
  const { fail, sent, lines, pass } = rig();
  for (const cause of ['a', 'b', 'a', 'b']) {
    fail(cause);
    pass(59_000);
  }
  sent();
  sent();
  assert.deepEqual(lines, [fails('a'), fails('b'), 'sending to http://x works again after 4 failed attempts']);
});

test('a receiver that fails at every second request: the lines come once a minute, and count all', () => {
  const { fail, sent, lines, pass } = rig();
  for (let at = 0; at < 600; at++) {
    fail('a');
    sent();
    pass(100);
  }
  fail('a');
  sent();
  assert.deepEqual(lines, [
    fails('a'),
    'sending to http://x works again after 1 failed attempt',
    fails('a'),
    'sending to http://x works again after 600 failed attempts',
  ]);
});
