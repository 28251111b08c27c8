import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRates } from '../../../src/tools/demo/observation/rates.ts';

const total = 'shop_requests_total{status="200"}';

test('a counter’s rate is over the last 10 s; a gauge has none', () => {
  let now = 0;
  const rates = createRates(() => now);
  const note = (seconds: number, value: number) => {
    now = seconds * 1_000;
    rates.note(
      new Map([
        [total, value],
        ['rm_host_snapshot_count', value],
      ]),
    );
  };
  note(0, 100);
  assert.equal(rates.of(total), undefined, 'one reading is no rate');
  note(5, 150);
  assert.equal(rates.of(total), 10);
  note(10, 150);
  assert.equal(rates.of(total), 5);
  note(15, 150);
  assert.equal(rates.of(total), 0, 'the first reading is too old');
  assert.equal(rates.of('rm_host_snapshot_count'), undefined);
  assert.equal(rates.of('absent_total'), undefined);
});

test('a counter that begins has risen from 0, and one that begins again does not fall', () => {
  let now = 0;
  const rates = createRates(() => now);
  rates.note(new Map());
  now = 2_000;
  rates.note(new Map([[total, 8]]));
  assert.equal(rates.of(total), 4);
  const again = createRates(() => now);
  again.note(new Map([[total, 8]]));
  now = 4_000;
  again.note(new Map([[total, 1]]));
  assert.equal(again.of(total), 0);
});
