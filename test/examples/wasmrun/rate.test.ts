import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRates } from '../../../examples/wasmrun/rate.ts';
import { testClock } from '../../../src/testing.ts';

const asked = (times: number, ask: () => boolean) => Array.from({ length: times }, ask).filter(Boolean).length;

test('as many as a minute allows at once, then as time gives', () => {
  const clock = testClock();
  const mayAsk = createRates(new Map([['ci', 6]]), clock);
  assert.equal(
    asked(10, () => mayAsk('ci')),
    6,
  );
  clock.advance(9_999);
  assert.equal(mayAsk('ci'), false);
  clock.advance(1);
  assert.equal(mayAsk('ci'), true);
  clock.advance(3_600_000);
  assert.equal(
    asked(10, () => mayAsk('ci')),
    6,
    'an hour saves up no more than a minute',
  );
});

test('a tenant without a rate, and nobody in particular, have none', () => {
  const mayAsk = createRates(new Map([['ci', 1]]), testClock());
  for (const tenant of ['copilot', undefined])
    assert.equal(
      asked(100, () => mayAsk(tenant)),
      100,
    );
});
