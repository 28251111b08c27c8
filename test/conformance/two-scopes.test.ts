/**
 * Libraries that make instruments of one name, as instrumentation-http and instrumentation-undici do: what is pulled is what a
 * Collector makes of the push, labels of the scope included. The Collector gives them to a contract's series, too, which is all
 * that differs.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { MeterProvider } from '@opentelemetry/api';
import type { ParsedFamily } from '../../src/formats/exposition/index.ts';
import { contract, counter, meterbridge } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import { openMetrics, scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { bridgeOptions, roads } from './roads.ts';
import { familiesOf } from './series.ts';

const shop = contract('shop', { calls: counter({ help: 'Calls.', unit: '{call}' }) });

function record(meters: MeterProvider): void {
  const help = { description: 'Duration of requests.', unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } };
  const http = meters
    .getMeter('@opentelemetry/instrumentation-http', '0.301.0')
    .createHistogram('http.client.request.duration', help);
  const other = { ...help, advice: { explicitBucketBoundaries: [0.5] } };
  const undici = meters
    .getMeter('@opentelemetry/instrumentation-undici', '0.23.0')
    .createHistogram('http.client.request.duration', other);
  for (const seconds of [0.25, 0.5, 2]) http.record(seconds, { 'http.request.method': 'GET' });
  undici.record(0.75, { 'http.request.method': 'GET' });
  undici.record(4, { 'http.request.method': 'POST' });
  meters.getMeter('between').createGauge('stands.between', { description: 'Another family.' }).record(7);
  meters.getMeter('no version').createCounter('shop.calls', { description: 'Calls.', unit: '{call}' }).add(5);
  const described = meters.getMeter('described', '1', { schemaUrl: 'https://opentelemetry.io/schemas/1.37.0' });
  described.createHistogram('http.client.request.duration', help).record(1, { 'http.request.method': 'GET' });
}

/** Labels sorted, without what says who pushed; an empty label is none. */
function shown(families: readonly ParsedFamily[]): string[] {
  return families.flatMap(({ kind, help, samples }) =>
    samples.map(({ name, labels, value }) => {
      const own = labels.filter(([label, text]) => text !== '' && label !== 'job' && label !== 'instance');
      const text = own
        .map(([label, text]) => `${label}=${label === 'le' ? Number(text.replace('Inf', 'Infinity')) : text}`)
        .sort();
      return `${kind} ${help} ${name}{${text.join()}} ${value}`;
    }),
  );
}

const ofContract = 'otel_scope_name=shop';

for (const road of roads) {
  test(`pull equals push, with the labels of scopes (${road.name})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(t, binary, { over: ['yaml:exporters::prometheus::without_scope_info: false'] });
    atEnd(collector.stop);
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const bridge = meterbridge(shop, { isolated: true, env: {}, log, ...bridgeOptions(road, collector.endpoint) });
    atEnd(bridge.close);
    bridge.metrics.calls.add(1);
    record(bridge.meterProvider);
    const { url } = await bridge.listen('127.0.0.1:0');
    assert.equal(await bridge.flush(), true);
    const pushed = shown(familiesOf(await collector.scrape(), 'text')).map((line) => line.replace(ofContract, ''));
    const pulled = shown(familiesOf(await scrape(url, 'text/plain'), 'text'));
    assert.equal(pulled.length, 5 + 4 + 4 + 1 + 2 + 5);
    assert.deepEqual(pulled.toSorted(), pushed.toSorted());
    assert.equal(
      familiesOf(await scrape(url, openMetrics), 'openmetrics').flatMap(({ samples }) => samples).length,
      pulled.length,
    );
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('listen:')),
      [],
    );
  });
}
