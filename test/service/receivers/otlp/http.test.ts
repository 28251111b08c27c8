/**
 * OTLP over HTTP, each row of the answers through a real socket: OTLP 1.9, "OTLP/HTTP Response", and the Collector's texts where
 * the norm has none (otlpreceiver v0.159).
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { partialOf, statusOf } from './answers.ts';
import { send } from './http-client.ts';
import { request, startReceiver } from './receiver.ts';

const encodings = [
  { encoding: 'protobuf', type: 'application/x-protobuf', empty: '', broken: Buffer.from('xxx') },
  { encoding: 'json', type: 'application/json', empty: '{}', broken: Buffer.from('{"resourceMetrics":') },
] as const;

for (const { encoding, type, empty, broken } of encodings) {
  const headers = { 'content-type': type };

  describe(`a request in ${encoding}`, () => {
    test('that is taken whole has no partial_success', async (t) => {
      const receiver = await startReceiver(t);
      for (const body of [request(3, encoding), encoding === 'json' ? '{}' : '']) {
        const answer = await send(receiver.http, { headers, body });
        assert.deepEqual([answer.status, answer.headers['content-type'], answer.body.toString()], [200, type, empty]);
      }
      // The one without points goes no further, as in the Collector.
      assert.deepEqual([receiver.batches, receiver.accepted, receiver.refused], [[3], { http: 3 }, {}]);
    });

    test('may have parameters in its content type', async (t) => {
      const receiver = await startReceiver(t);
      const answer = await send(receiver.http, {
        headers: { 'content-type': `${type.toUpperCase()} ; charset=utf-8` },
        body: empty,
      });
      assert.deepEqual([answer.status, answer.headers['content-type']], [200, type]);
    });

    test('may spell the path in another way', async (t) => {
      const receiver = await startReceiver(t);
      for (const [path, status] of [
        ['/v1/%6Detrics?a=b', 200],
        ['http://localhost/v1/metrics', 200],
        // Such a target decides the host (RFC 9112, section 3.2.2).
        ['http://another.example/v1/metrics', 421],
        ['/v1%2Fmetrics', 404],
        ['//v1/metrics', 404],
      ] as const)
        assert.deepEqual([path, (await send(receiver.http, { path, headers, body: empty })).status], [path, status]);
    });

    test('may be compressed', async (t) => {
      const receiver = await startReceiver(t);
      const plain = request(2_000, encoding, 'a'.repeat(100));
      const small = request(5, encoding);
      assert.ok(plain.length > 65_536);
      const ways = {
        gzip: gzipSync,
        'x-gzip': gzipSync,
        GZIP: gzipSync,
        zstd: zstdCompressSync,
        deflate: deflateSync,
        zlib: deflateSync,
      };
      for (const [name, compress] of Object.entries(ways))
        for (const body of [small, plain]) {
          const answer = await send(receiver.http, { headers: { ...headers, 'content-encoding': name }, body: compress(body) });
          assert.deepEqual([name, answer.status, answer.body.toString()], [name, 200, empty]);
        }
      assert.deepEqual(
        receiver.batches,
        Object.keys(ways).flatMap(() => [5, 2_000]),
      );
    });

    test('whose compressed form is large is decompressed apart', async (t) => {
      const receiver = await startReceiver(t);
      // Without compression (level 0), so that it is still large.
      const body = gzipSync(request(3_000, encoding), { level: 0 });
      assert.ok(body.length > 65_536);
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => send(receiver.http, { headers: { ...headers, 'content-encoding': 'gzip' }, body })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status),
        answers.map(() => 200),
      );
      const cut = body.subarray(0, -9);
      const answer = await send(receiver.http, { headers: { ...headers, 'content-encoding': 'gzip' }, body: cut });
      assert.deepEqual([answer.status, statusOf(type, answer.body).code], [400, 3]);
      assert.deepEqual(
        receiver.batches,
        answers.map(() => 3_000),
      );
    });

    test('that the pipeline fails at is 500, and its points count as failed', async (t) => {
      const receiver = await startReceiver(t, {}, () => {
        throw new Error('of the pipeline');
      });
      const answer = await send(receiver.http, { headers, body: request(5, encoding) });
      assert.deepEqual([answer.status, statusOf(type, answer.body).code], [500, 13]);
      assert.deepEqual([receiver.failed, receiver.accepted, receiver.refused], [{ http: 5 }, {}, {}]);
    });

    test('is taken in part where the pipeline does not take all', async (t) => {
      const receiver = await startReceiver(t, {}, () => ({ points: 2, why: 'too many series' }));
      const answer = await send(receiver.http, { headers, body: request(5, encoding) });
      assert.equal(answer.status, 200);
      assert.deepEqual(partialOf(type, answer.body), { rejected: 2, message: 'too many series' });
      assert.deepEqual([receiver.accepted, receiver.refused], [{ http: 3 }, { http: 2 }]);
      assert.deepEqual(receiver.refusals, { rejected_points: 2 });
    });

    test('is taken in part where points are wrong in themselves', async (t) => {
      const receiver = await startReceiver(t);
      const answer = await send(receiver.http, { headers, body: request(2, encoding, 'a'.repeat(65_537)) });
      assert.equal(answer.status, 200);
      const partial = partialOf(type, answer.body);
      assert.equal(partial?.rejected, 2);
      assert.notEqual(partial.message, '');
      assert.deepEqual([receiver.batches, receiver.refused], [[], { http: 2 }]);
    });

    const refused: readonly [string, Parameters<typeof send>[1], number, number][] = [
      ['cannot be read', { body: broken }, 400, 3],
      ['is broken gzip', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }, 400, 3],
      [
        'is cut off gzip',
        { headers: { 'content-encoding': 'gzip' }, body: gzipSync(request(3, encoding)).subarray(0, -4) },
        400,
        3,
      ],
      ['is broken zstd', { headers: { 'content-encoding': 'zstd' }, body: 'no zstd' }, 400, 3],
      [
        'has an unknown compression',
        { headers: { 'content-encoding': 'br' }, body: brotliCompressSync(request(1, encoding)) },
        400,
        3,
      ],
      ['is compressed by snappy', { headers: { 'content-encoding': 'snappy' }, body: 'x' }, 400, 3],
      ['is compressed by x-snappy-framed', { headers: { 'content-encoding': 'x-snappy-framed' }, body: 'x' }, 400, 3],
      ['is compressed by lz4', { headers: { 'content-encoding': 'lz4' }, body: 'x' }, 400, 3],
      ['is another method', { method: 'PUT', body: 'x' }, 405, 12],
      ['is for traces', { path: '/v1/traces', body: 'x' }, 404, 5],
      ['is for logs', { path: '/v1/logs', body: 'x' }, 404, 5],
      ['announces too much', { headers: { 'content-length': 5_001 }, body: Buffer.alloc(5_001) }, 413, 8],
      ['is too large, in chunks', { headers: { 'transfer-encoding': 'chunked' }, body: Buffer.alloc(200_000) }, 413, 8],
      [
        'is too large once decompressed',
        { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(5_001)) },
        413,
        8,
      ],
      [
        'is too large once decompressed, by zstd',
        { headers: { 'content-encoding': 'zstd' }, body: zstdCompressSync(Buffer.alloc(5_001)) },
        413,
        8,
      ],
    ];
    for (const [what, sent, status, code] of refused)
      test(`that ${what} is answered ${status} with a Status`, async (t) => {
        const receiver = await startReceiver(t, { http: { max_request_body_size: 5_000 } });
        const answer = await send(receiver.http, { ...sent, headers: { ...headers, ...sent.headers } });
        assert.deepEqual([answer.status, answer.headers['content-type']], [status, type]);
        const { code: got, message } = statusOf(type, answer.body);
        assert.equal(got, code);
        assert.notEqual(message, '');
        assert.deepEqual([receiver.batches, receiver.accepted], [[], {}]);
        assert.equal(
          Object.values(receiver.refusals).reduce((sum, one) => sum + one, 0),
          1,
        );
      });
  });
}

describe('what has no encoding gets the text of the Collector', () => {
  const cases: readonly [string, Parameters<typeof send>[1], number, string, string][] = [
    ['another path', { path: '/v1/traces' }, 404, 'text/plain; charset=utf-8', '404 page not found\n'],
    ['another method', { method: 'GET' }, 405, 'text/plain', '405 method not allowed, supported: [POST]'],
    [
      'another type',
      { headers: { 'content-type': 'text/plain' }, body: 'x' },
      415,
      'text/plain',
      '415 unsupported media type, supported: [application/json, application/x-protobuf]',
    ],
    [
      'no type',
      { body: 'x' },
      415,
      'text/plain',
      '415 unsupported media type, supported: [application/json, application/x-protobuf]',
    ],
  ];
  for (const [what, sent, status, type, text] of cases)
    test(what, async (t) => {
      const { http } = await startReceiver(t);
      const answer = await send(http, sent);
      assert.deepEqual([answer.status, answer.headers['content-type'], answer.body.toString()], [status, type, text]);
    });
});
