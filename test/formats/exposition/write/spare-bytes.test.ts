import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createSpareBytes } from '../../../../src/formats/exposition/write/bytes/spare-bytes.ts';

const small = 1_000_000;
const large = 10_000_000;
const minuteMs = 60_000;

test('the memory of a large body serves the next scrape of that size, and goes back two minutes after the last one', ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const spare = createSpareBytes();
  const first = spare.take(large);
  spare.give(first);
  mock.timers.tick(1.5 * minuteMs);
  const second = spare.take(large);
  assert.equal(second.buffer, first.buffer);

  // Under way, and then kept anew, for two minutes again.
  mock.timers.tick(3 * minuteMs);
  assert.ok(second.byteLength >= large);
  spare.give(second);
  mock.timers.tick(1.9 * minuteMs);
  assert.ok(second.byteLength >= large);
  mock.timers.tick(0.1 * minuteMs);
  assert.equal(second.byteLength, 0);
  assert.ok(spare.take(large).byteLength >= large);
});

test('a body of the default limit and less is kept for good', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const spare = createSpareBytes();
  const first = spare.take(small);
  spare.give(first);
  mock.timers.tick(60 * minuteMs);
  assert.equal(spare.take(small), first);
});

test('the larger of two is kept, and the other one is given back, whichever comes first', () => {
  for (const order of [
    [small, large],
    [large, small],
  ]) {
    const spare = createSpareBytes();
    const both = order.map((bytes) => spare.take(bytes));
    for (const bytes of both) spare.give(bytes);
    assert.deepEqual(
      both.map(({ byteLength }) => byteLength > 0),
      order.map((bytes) => bytes === large),
    );
  }
});

test('the memory of a store that has shrunk is given back at once', () => {
  const spare = createSpareBytes();
  const first = spare.take(large);
  spare.give(first);
  spare.take(small);
  assert.equal(first.byteLength, 0);
});

test('memory that is kept does not keep the process alive', () => {
  const module = new URL('../../../../src/formats/exposition/write/bytes/spare-bytes.ts', import.meta.url);
  const script = `import { createSpareBytes } from '${module}'; const spare = createSpareBytes(); spare.give(spare.take(${large}));`;
  const { status, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    timeout: minuteMs,
    encoding: 'utf8',
  });
  assert.deepEqual([status, signal], [0, null], stderr);
});
