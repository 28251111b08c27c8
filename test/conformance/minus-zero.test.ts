/**
 * -0 arrives at a Collector as -0. Its prometheus exporter, like every use of Go's expfmt, writes `0` for it; its debug exporter
 * does not.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, gauge, meterbridge, upDownCounter } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import { scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { bridgeOptions, roads } from './roads.ts';

const signs = contract('signs', {
  heat: gauge({ help: 'A recorded gauge.' }),
  drift: upDownCounter({ help: 'An observed sum.', observed: true }),
});

// The stock exporter's JSON has no -0.
for (const road of roads.filter(({ engine }) => engine === undefined)) {
  test(`-0 is pulled and pushed (${road.name})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(t, binary);
    atEnd(collector.stop);
    const bridge = meterbridge(signs, { isolated: true, env: {}, log: () => {}, ...bridgeOptions(road, collector.endpoint) });
    atEnd(bridge.close);
    bridge.metrics.heat.set(-0);
    bridge.metrics.drift.observe(() => -0);
    const { url } = await bridge.listen('127.0.0.1:0');
    assert.match(await scrape(url, 'text/plain'), /^signs_heat -0\n(.*\n)*signs_drift -0$/m);
    assert.equal(await bridge.flush(), true);
    const { metrics } = await collector.lastBatch(1);
    assert.deepEqual(
      metrics.map(({ points }) => points.map(({ numbers }) => numbers.Value)),
      [['-0.000000'], ['-0.000000']],
    );
  });
}
