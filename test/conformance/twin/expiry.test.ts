/**
 * Series that nobody sends any more leave both programs, and begin anew, but for deltas, whose totals go on in the service. The
 * exporter `brief` shows them for two seconds.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until.ts';
import { assertSame, linesOf } from './page.ts';
import { from, gauge, histogram, number, type Request, sum } from './requests.ts';
import { sendToBoth } from './send.ts';
import { traffic } from './traffic/index.ts';
import { askBoth, startTwin } from './twin.ts';

const me = { 'service.name': 'svc', 'service.instance.id': 'i' };
const delta = { temporality: 'delta' } as const;
/** `metric_expiration` of the exporter `brief`. */
const keptMs = 2_000;

test('the Collector and the service forget the same', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  const shown = () => askBoth(twin, async (side) => linesOf(await side.page('brief', 'text'), 'text'));
  const sendUntil = async (what: string, requests: readonly Request[], holds: (lines: readonly string[]) => boolean) =>
    until(what, async () => {
      await sendToBoth(twin, requests);
      const { collector, service } = await shown();
      return holds(collector) && holds(service);
    });

  await t.test('all types, with target_info', async () => {
    const all = Object.values(traffic).flatMap((requests, index) => requests(`t${index}t`, me));
    // Again where a busy machine takes longer than series are kept.
    await sendUntil('shown', all, (lines) => lines.length > 0);
    await sendUntil('empty', [], (lines) => lines.length === 0);
  });

  await t.test('a name, which may have another type then; deltas, which begin anew in the Collector alone', async () => {
    const first = [from(me, [gauge('m', [number(1, 1)]), sum('c', [number(1, 1, { start: 0 })], delta)])];
    await sendToBoth(twin, first);
    const second = [from(me, [sum('m', [number(2, 5)]), histogram('h', []), sum('c', [number(2, 2, { start: 1 })], delta)])];
    let pages = await shown();
    await until('shown in time', async () => {
      await sendUntil('empty', [], (lines) => lines.length === 0);
      const begun = performance.now();
      await sendToBoth(twin, second);
      pages = await shown();
      return performance.now() - begun < keptMs;
    });
    const { collector, service } = pages;
    const [anew, total] = ['c_total{instance="i",job="svc"} 2', 'c_total{instance="i",job="svc"} 3'];
    assert.ok(collector.includes(anew), collector.join('\n'));
    assertSame({ collector: collector.map((line) => (line === anew ? total : line)), service }, 'brief text');
    await sendUntil('empty', [], (lines) => lines.length === 0);
  });

  await t.test('a time in the future, although its sender goes on with older ones', async () => {
    await sendToBoth(twin, [from({}, [gauge('g', [number(10_000, 1)])])]);
    await sendUntil('anew', [from({}, [gauge('g', [number(1, 2)])])], (lines) => lines.includes('g 2'));
  });
});
