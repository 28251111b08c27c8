/** What the suite `http-overhead` holds Meterbridge to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../bench/aims.ts';

const row = { bench: 'http-overhead', unit: 'CPU µs/request', results: {}, ratios: {}, spread: {}, rounds: 1 };

test('the aim is a share of what the peer adds to the same app', () => {
  for (const [name, peer] of [
    ['overhead-fastify', 'fastify-metrics'],
    ['overhead-express', 'express-prom-bundle'],
  ] as const) {
    const [few] = judge({ ...row, case: name, beyond: { [peer]: 0.19 } });
    const [many] = judge({ ...row, case: name, beyond: { [peer]: 0.21 } });
    assert.deepEqual([few?.reached, many?.reached], [true, false]);
    assert.deepEqual(judge({ ...row, case: name, beyond: {} }), []);
  }
});
