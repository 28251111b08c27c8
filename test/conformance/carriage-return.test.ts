/**
 * A carriage return in a HELP or a label value is a character like any other: text 0.0.4 and the grammar of OpenMetrics 1.0
 * (`normal-char`) escape the line feed alone, and protobuf and JSON keep every character. It comes out of every road as it went
 * in.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { capped, contract, gauge, meterbridge } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import { openMetrics, scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { checkMetrics } from './promtool.ts';
import { bridgeOptions, roads } from './roads.ts';

const odd = contract('a', { load: gauge({ help: 'One\rtwo\r', labels: { b: capped() } }) });

/** What client_golang 1.23.2 writes of the same gauge, with promhttp's handler. */
const goText = '# HELP a_load One\rtwo\r\n# TYPE a_load gauge\na_load{b="x\ry\r"} 1\n';
const goSample = 'a_load{b="x\ry\r"} 1.0\n# EOF\n';

async function start(atEnd: (end: () => Promise<void>) => void, options: Parameters<typeof meterbridge>[1]) {
  const bridge = meterbridge(odd, { isolated: true, env: {}, log: () => {}, ...options });
  atEnd(bridge.close);
  bridge.metrics.load.set(1, { b: 'x\ry\r' });
  const { url } = await bridge.listen('127.0.0.1:0');
  return { bridge, url };
}

test('a scrape has the bytes of client_golang', async (t: TestContext) => {
  const { url } = await start(inReverse(t), { push: false });
  assert.equal(await scrape(url, 'text/plain'), goText);
  const page = await scrape(url, openMetrics);
  assert.ok(page.includes('# HELP a_load One\rtwo\r\n'), page);
  assert.ok(page.endsWith(goSample.replace('1.0', '1')), page);
});

test('promtool reads it', async (t: TestContext) => {
  const binary = requirePeer(t, 'promtool');
  if (binary === undefined) return;
  const { url } = await start(inReverse(t), { push: false });
  assert.deepEqual(checkMetrics(binary, await scrape(url, 'text/plain')), []);
});

for (const road of roads) {
  test(`a Collector has it, too (${road.name})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(t, binary);
    atEnd(collector.stop);
    const { bridge, url } = await start(atEnd, bridgeOptions(road, collector.endpoint));
    assert.equal(await bridge.flush(), true);
    const exposed = await collector.scrape();
    assert.ok(exposed.includes('# HELP a_load One\rtwo\r\n'), exposed);
    assert.match(exposed, /^a_load\{b="x\ry\r".*\} 1$/m);
    assert.equal(await scrape(url, 'text/plain'), goText);
  });
}
