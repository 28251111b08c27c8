/** When series began, in OpenMetrics: `--created` of `serve`. Expected lines are typed from OpenMetrics 1.0. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from '../../../../src/formats/exposition/index.ts';
import type { SentPoint } from '../../received/sender.ts';
import { openMetrics, startExporter } from './rig.ts';

const second = 1_000_000_000n;
const time = 1_795_377_313n * second;
const start = time - 60n * second;
const point = (over: Partial<SentPoint>): SentPoint => ({ start, time, ...over });
const sent = {
  metrics: [
    { name: 'c', type: 'sum', temporality: 2, monotonic: true, points: [point({ int: 3 })] },
    { name: 'unstarted', type: 'sum', temporality: 2, monotonic: true, points: [{ time, int: 3 }] },
    { name: 'g', type: 'gauge', points: [point({ double: 1 })] },
    { name: 'h', type: 'histogram', temporality: 2, points: [point({ bounds: [1], counts: [1, 0], count: 1, sum: 1 })] },
    {
      name: 'e',
      type: 'exponentialHistogram',
      temporality: 2,
      points: [point({ count: 1, sum: 1, positive: { offset: 0, counts: [1] } })],
    },
    { name: 's', type: 'summary', points: [point({ count: 1, sum: 1 })] },
  ],
} as const;
const lines = ['c', 'e', 'h', 's'].map((name) => `${name}_created 1795377253`);

for (const created of [true, false]) {
  test(`${created ? 'with' : 'without'} --created, text never has them`, async (t) => {
    const rig = await startExporter(t, { enable_open_metrics: true }, { created });
    rig.send(sent);
    const page = await rig.text(openMetrics);
    assert.ok(parseExposition(page, 'openmetrics').ok);
    const shown = async (accept?: string) =>
      (await rig.samples(accept)).filter((line) => line.includes('_created')).map((line) => line.replace(/\{.*\}/, ''));
    assert.deepEqual([await shown(openMetrics), await shown()], [created ? lines : [], []]);
  });
}

// OpenMetrics reserves the name whether the line is there or not.
test('a metric of the name gives way in OpenMetrics, and is in text', async (t) => {
  const rig = await startExporter(t, { enable_open_metrics: true }, { created: true });
  rig.send({ metrics: [sent.metrics[0], { name: 'c_created', type: 'gauge', points: [{ time, double: 7 }] }] });
  const page = await rig.text(openMetrics);
  assert.ok(parseExposition(page, 'openmetrics').ok);
  assert.match(await rig.text(), /^c_created(\{.*\})? 7$/m);
  assert.equal(rig.warnings.length, 1);
});
