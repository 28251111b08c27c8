/** `atMostEveryMs`: a dear query behind several metrics is not made dearer by many readers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge } from '../../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../../src/core/errors/error.ts';
import { meterbridge } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { startCapture } from '../../push/capture.ts';

const declared = contract('p', {
  rows: gauge({ observed: true, help: 'Rows.' }),
  pages: gauge({ observed: true, help: 'Pages.' }),
  uptime: gauge({ observed: true, unit: 's', help: 'Uptime.' }),
});

function paced(callback: (run: number) => number | Promise<number>) {
  const { bridge, metrics, value, clock, reset } = testBridge(declared);
  let runs = 0;
  const observe = () =>
    bridge.observe(
      [metrics.rows, metrics.pages],
      async (o) => {
        const rows = await callback(++runs);
        o.set(metrics.rows, rows);
        o.set(metrics.pages, rows * 2);
      },
      { atMostEveryMs: 15_000 },
    );
  const detach = observe();
  metrics.uptime.observe(() => clock());
  return { bridge, value, clock, reset, observe, detach, runs: () => runs };
}

test('it runs once in the time, whoever asks, and its values stand in between', async () => {
  const { value, clock, runs } = paced((run) => run);
  assert.deepEqual([await value('rows'), await value('pages')], [1, 2]);
  clock.advance(14_999);
  assert.equal(await value('rows'), 1);
  assert.equal(await value('uptime'), clock(), 'others are asked as ever');
  clock.advance(1);
  assert.deepEqual([await value('rows'), await value('pages')], [2, 4]);
  assert.equal(runs(), 2);
});

test('readers at the same time share one run', async () => {
  const { bridge, runs } = paced((run) => run);
  await Promise.all([bridge.refresh(), bridge.refresh(), bridge.flush(), bridge.refresh()]);
  assert.equal(runs(), 1);
});

test('a run that fails counts, and the age of the last good values counts from their own run', async () => {
  const { value, clock, runs } = paced((run) => (run === 1 ? 5 : Promise.reject(new Error('locked'))));
  assert.equal(await value('rows'), 5);
  clock.advance(14_999);
  assert.equal(await value('rows'), 5);
  clock.advance(1);
  assert.equal(await value('rows'), 5);
  assert.equal(await value('rows'), 5);
  assert.equal(runs(), 2, 'not asked again at once');
  clock.advance(45_000);
  assert.equal(await value('rows'), 5, '60 s after they were read');
  clock.advance(1);
  assert.equal(await value('rows'), undefined);
  assert.equal(runs(), 3);
});

test('a callback attached anew, or a bridge that was reset, begins anew', async () => {
  const { value, detach, observe, reset, runs } = paced((run) => run);
  assert.equal(await value('rows'), 1);
  detach();
  assert.equal(await value('rows'), undefined);
  observe();
  assert.equal(await value('rows'), 2);
  reset();
  assert.equal(await value('rows'), 3);
  assert.equal(runs(), 3);
});

for (const atMostEveryMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '15s' as never]) {
  test(`refused: every ${atMostEveryMs} ms`, () => {
    const { bridge, metrics } = testBridge(declared);
    assert.throws(
      () => bridge.observe([metrics.rows], () => {}, { atMostEveryMs }),
      (error) => error instanceof MeterbridgeError && error.code === 'OBSERVE_MISUSE' && /atMostEveryMs/.test(error.message),
    );
    assert.doesNotThrow(() => bridge.observe([metrics.rows], () => {}), 'nothing is claimed');
  });
}

test('the last push of close() asks once more, whatever the pace', async (t) => {
  const capture = await startCapture();
  t.after(capture.close);
  const push = { endpoint: capture.url, intervalMs: 600_000 };
  const bridge = meterbridge(declared, { isolated: true, push, log: () => {} });
  let rows = 3;
  bridge.observe([bridge.metrics.rows], async (seen) => seen.set(bridge.metrics.rows, rows), { atMostEveryMs: 15_000 });
  await bridge.refresh();
  rows = 7;
  await bridge.close();
  const { metrics } = capture.pushes.at(-1)?.json.resourceMetrics[0].scopeMetrics[0] ?? {};
  const pushed = metrics.find(({ name }: { name: string }) => name === 'p.rows').gauge.dataPoints[0];
  assert.equal(pushed.asDouble ?? Number(pushed.asInt), 7);
});
