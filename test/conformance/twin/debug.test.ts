/** The exporter `debug` prints the same of all traffic. */
import { test } from 'node:test';
import { assertSameDebugText } from '../../same-debug-text.ts';
import { until } from '../../until.ts';
import { randomRequests } from './random.ts';
import { sendToBoth } from './send.ts';
import { traffic } from './traffic/index.ts';
import { startTwin } from './twin.ts';

const over = [
  'yaml:exporters::debug::verbosity: detailed',
  'yaml:exporters::debug::use_internal_logger: false',
  'yaml:service::pipelines::metrics::exporters: [debug]',
];
const last = { name: 'the.last', gauge: { dataPoints: [{ asInt: '1' }] } };

test('the Collector and the service print the same', async (t) => {
  const twin = await startTwin(t, over);
  if (twin === undefined) return;
  for (const [index, requests] of Object.values(traffic).entries()) {
    await sendToBoth(twin, requests(`t${index}t`, { 'service.name': 'svc', 'service.instance.id': 'i' }));
  }
  await sendToBoth(twin, randomRequests(100, 1));
  await sendToBoth(twin, [{ resourceMetrics: [{ scopeMetrics: [{ metrics: [last] }] }] }]);
  for (const side of [twin.collector, twin.service])
    await until('printed', () => /Name: the\.last[\s\S]*Value: 1\n/.test(side.stdout()));
  // The first lines that differ, in place of 20,000.
  const [collector, service] = [twin.collector.stdout().trimEnd().split('\n'), twin.service.stdout().trimEnd().split('\n')];
  for (let at = 0; at < Math.max(collector.length, service.length); at += 20) {
    const [theirs, ours] = [collector, service].map((lines) => lines.slice(at, at + 20).join('\n'));
    assertSameDebugText(ours ?? '', theirs ?? '', `line ${at + 1}`);
  }
});
