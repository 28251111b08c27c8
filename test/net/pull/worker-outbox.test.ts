import assert from 'node:assert/strict';
import test from 'node:test';
import { createOutbox, type Report } from '../../../src/net/pull/worker-outbox.ts';

const refusal = { count: 1, client: '192.0.2.1', method: 'GET', path: '/metrics' } as const;

test('a host that hears is report of each; one that does not is report once, with counts', () => {
  const posted: Report[] = [];
  const outbox = createOutbox((report) => posted.push(report));
  outbox.refused({ ...refusal, reason: 'wrong' });
  for (let n = 0; n < 1_000; n++) outbox.refused({ ...refusal, reason: n % 4 === 0 ? 'missing' : 'wrong', path: `/${n}` });
  outbox.line('first');
  outbox.line('second');
  assert.deepEqual(posted, [{ refused: [{ ...refusal, reason: 'wrong' }], lines: [] }]);
  outbox.heard();
  assert.deepEqual(posted[1], {
    refused: [
      { ...refusal, reason: 'missing', count: 250, path: '/996' },
      { ...refusal, reason: 'wrong', count: 750, path: '/999' },
    ],
    lines: ['first', 'second'],
  });
  outbox.heard();
  assert.equal(posted.length, 2, 'there is nothing more to tell');
});

test('lines wait in bounded number, and what is lost is said', () => {
  const posted: Report[] = [];
  const outbox = createOutbox((report) => posted.push(report));
  for (let n = 0; n < 10_004; n++) outbox.line(`line ${n}`);
  outbox.heard();
  const { lines = [] } = posted[1] ?? {};
  assert.equal(posted[0]?.lines[0], 'line 0');
  assert.deepEqual([lines.length, lines[0], lines[9_999]], [10_001, 'line 1', 'line 10000']);
  assert.match(lines[10_000] ?? '', /^3 lines of the access log are lost/);
});
