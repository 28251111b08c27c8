import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeterbridgeError, problemText } from '../../../src/core/errors/error.ts';

const first = { at: 'daemon.port', got: '"x"', rule: 'a port is a number', fix: 'write 9478' };
const second = { at: 'daemon.host', got: '""', rule: 'a host is not empty', fix: 'write 127.0.0.1' };

test('a problem reads: place, value, rule, fix', () => {
  assert.equal(problemText(first), 'daemon.port: got "x"; a port is a number. Fix: write 9478.');
});

test('the message has one line a problem, all of them', () => {
  const error = new MeterbridgeError('OPTION_INVALID', [first, second]);
  assert.equal(
    error.message,
    'daemon.port: got "x"; a port is a number. Fix: write 9478.\ndaemon.host: got ""; a host is not empty. Fix: write 127.0.0.1.',
  );
  assert.equal(error.code, 'OPTION_INVALID');
  assert.deepEqual(error.problems, [first, second]);
});

test('is() knows its own kind, and nothing else', () => {
  assert.ok(MeterbridgeError.is(new MeterbridgeError('OPTION_INVALID', [first])));
  const others = [
    new Error('x'),
    Object.assign(new Error('x'), { name: 'MeterbridgeError', code: 'OPTION_INVALID', problems: [] }),
  ];
  for (const other of [...others, undefined, null, 'MeterbridgeError', {}, MeterbridgeError])
    assert.equal(MeterbridgeError.is(other), false);
});

test('it is an Error with a name and a cause', () => {
  const cause = new Error('EADDRINUSE');
  const error = new MeterbridgeError('LISTEN_FAILED', [first], { cause });
  assert.ok(error instanceof Error);
  assert.equal(error.name, 'MeterbridgeError');
  assert.equal(error.cause, cause);
});
