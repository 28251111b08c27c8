import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetricsWriter, type EncodedRequest, encodeAttributes } from '../../../../src/formats/otlp/index.ts';
import { decodeMetrics } from '../decode-metrics.ts';
import { head, only, place, unlimited } from './rig.ts';

// biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, read by tests only
type Any = any;
const decode = (request: Uint8Array) => decodeMetrics('application/x-protobuf', request);

test('requests end at their limit, and each names where its points belong', () => {
  const writer = createMetricsWriter({ points: 3, bytes: 1_000_000 });
  writer.resource({ attributes: encodeAttributes({ r: 'x' }) });
  writer.scope({ name: 's', version: '1', schemaUrl: 'urn:x' });
  writer.metric(head('sum'));
  for (let n = 0; n < 4; n++) writer.number(place, n);
  writer.metric(head('histogram'));
  writer.metric({ ...head('gauge'), name: 'g' });
  for (let n = 4; n < 7; n++) writer.number(place, n);
  const full = writer.full();
  const requests = [...full, ...writer.end()];
  assert.deepEqual([full.length, requests.map(({ points }) => points)], [2, [3, 3, 1]]);
  const shown = requests.map(({ bytes }) => {
    const [{ resource, scopeMetrics }] = decode(bytes).resourceMetrics;
    const [{ scope, schemaUrl, metrics }] = scopeMetrics;
    assert.deepEqual([resource.attributes[0].key, scope, schemaUrl], ['r', { name: 's', version: '1' }, 'urn:x']);
    return metrics.map((metric: Any) => [
      metric.name,
      (metric.sum ?? metric.gauge).dataPoints.map((point: Any) => point.asDouble),
    ]);
  });
  assert.deepEqual(shown, [
    [['m', [0, 1, 2]]],
    [
      ['m', [3]],
      ['g', [4, 5]],
    ],
    [['g', [6]]],
  ]);
  assert.deepEqual(writer.end(), []);
});

test('a request stays as it is until it is given back', () => {
  const writer = createMetricsWriter({ points: 1, bytes: 1_000_000 });
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head('gauge'));
  const written = (value: number) => {
    writer.number(place, value);
    const [request] = writer.full();
    assert.ok(request);
    return request;
  };
  const shownBy = ({ bytes }: EncodedRequest) =>
    decode(bytes).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0].asDouble;
  const [first, kept] = [written(1), written(2)];
  writer.reuse(first);
  const [third, fourth] = [written(3), written(4)];
  assert.deepEqual([kept, third, fourth].map(shownBy), [2, 3, 4]);
  assert.equal(third.bytes.buffer, first.bytes.buffer);
});

test('after clear nothing is left', () => {
  const writer = createMetricsWriter({ points: 2, bytes: 1_000_000 });
  const begin = () => {
    writer.resource({ attributes: encodeAttributes({}) });
    writer.scope({ name: 's' });
    writer.metric(head('gauge'));
  };
  begin();
  for (const value of [1, 2, 3]) writer.number(place, value);
  writer.clear();
  begin();
  writer.number(place, 4);
  assert.deepEqual(writer.full(), []);
  const { dataPoints } = decode(only(writer)).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge;
  assert.deepEqual(
    dataPoints.map((point: Any) => point.asDouble),
    [4],
  );
});

test('requests end when they are big enough', () => {
  const writer = createMetricsWriter({ points: 1_000_000, bytes: 10_000 });
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head('gauge'));
  for (let n = 0; n < 2_000; n++) writer.number(place, n);
  const requests = [...writer.full(), ...writer.end()];
  assert.equal(
    requests.reduce((sum, { points }) => sum + points, 0),
    2_000,
  );
  assert.ok(requests.length > 5);
  for (const { bytes } of requests) assert.ok(bytes.length < 10_400, String(bytes.length));
});

test('what has no point is not written', () => {
  const writer = createMetricsWriter(unlimited);
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head('gauge'));
  assert.deepEqual(writer.end(), []);
});
