/** `response_headers`, CORS and `compression_algorithms`, where the twin test does not look. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { noOwnMetrics, startFrom } from '../graph/rig.ts';
import { statusOf } from '../receivers/otlp/answers.ts';
import { send } from '../receivers/otlp/http-client.ts';
import { startReceiver } from '../receivers/otlp/receiver.ts';

test('the endpoint and health_check have both, too', async (t) => {
  const keys = "{endpoint: '127.0.0.1:0', response_headers: {X-Own: one}, cors: {allowed_origins: ['https://a.example']}}";
  const { urls } = await startFrom(
    t,
    `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}
exporters: {prometheus: ${keys}}
extensions: {health_check: ${keys}}
service: {${noOwnMetrics}, extensions: [health_check], pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`,
  );
  for (const url of urls().filter((one) => !one.includes('/v1/'))) {
    const { headers } = await fetch(url, { headers: { origin: 'https://a.example' } });
    assert.equal(headers.get('x-own'), 'one', url);
    const { status, headers: preflight } = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    });
    assert.deepEqual([status, preflight.get('access-control-allow-origin')], [204, 'https://a.example'], url);
  }
});

test('compression_algorithms says which bodies are taken; an empty string stands for those that are not compressed', async (t) => {
  const { http } = await startReceiver(t, { http: { compression_algorithms: 'gzip' } });
  const json = { 'content-type': 'application/json' };
  const sent = async (body: Uint8Array | string, encoding?: string) =>
    send(http, { headers: { ...json, ...(encoding !== undefined && { 'content-encoding': encoding }) }, body });
  assert.equal((await sent(gzipSync('{}'), 'gzip')).status, 200);
  for (const answer of [await sent(zstdCompressSync('{}'), 'zstd'), await sent('{}')]) {
    assert.equal(answer.status, 400);
    assert.match(statusOf('application/json', answer.body).message, /^unsupported Content-Encoding: (zstd)?; supported: gzip$/);
  }
  const all = await startReceiver(t, { http: { compression_algorithms: ',snappy' } });
  assert.equal((await send(all.http, { headers: json, body: '{}' })).status, 200);
});
