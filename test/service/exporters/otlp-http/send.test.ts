/** What goes over the wire, and what becomes of each answer: OTLP 1.x, "OTLP/HTTP Response" and "Failures". */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { until } from '../../../until.ts';
import { encodePartialSuccess } from './partial-success.ts';
import { startReceiver } from './receiver.ts';
import { batch, metric, soon, startExporter } from './rig.ts';

const one = batch(metric('jobs', 2, 7));

test('a batch is sent as it came, to the endpoint with /v1/metrics, compressed with gzip', async (t) => {
  const receiver = await startReceiver(t);
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, headers: { 'X-Tenant': 'a' } });
  assert.equal(exporter.consume(one), undefined);
  await until('sent', () => counts.sent === 1);
  const [request] = receiver.requests;
  assert.equal(request?.path, '/v1/metrics');
  assert.equal(request?.headers['content-type'], 'application/x-protobuf');
  assert.equal(request?.headers['content-encoding'], 'gzip');
  assert.equal(request?.headers['x-tenant'], 'a');
  assert.deepEqual(new Uint8Array(gunzipSync(request?.body ?? '')), new Uint8Array(one.bytes));
});

test('headers may be a list of names and values', async (t) => {
  const receiver = await startReceiver(t);
  const headers = [{ name: 'X-Tenant', value: 'a' }, { name: 'X-Empty' }];
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, headers });
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  const [request] = receiver.requests;
  assert.equal(request?.headers['x-tenant'], 'a');
  assert.equal(request?.headers['x-empty'], '');
});

const codings = {
  gzip: gunzipSync,
  zlib: inflateSync,
  deflate: inflateSync,
  zstd: zstdDecompressSync,
  none: (bytes: Buffer) => bytes,
};
for (const [compression, decompress] of Object.entries(codings)) {
  test(`compression: ${compression}, for a small and a large request`, async (t) => {
    const receiver = await startReceiver(t);
    const large = batch(...Array.from({ length: 2_000 }, (_, at) => metric(`jobs.${at}`, 2, at)));
    const { exporter, counts } = await startExporter(t, { metrics_endpoint: `${receiver.origin}/as/it/is`, compression });
    exporter.consume(one);
    await until('sent', () => counts.sent === 1);
    exporter.consume(large);
    await until('sent', () => counts.sent === 2_001);
    assert.deepEqual(
      receiver.requests.map(({ path, headers, body }) => [
        path,
        headers['content-encoding'],
        new Uint8Array(decompress(body)).length,
      ]),
      [one, large].map(({ bytes }) => ['/as/it/is', compression === 'none' ? undefined : compression, bytes.length]),
    );
  });
}

test('the bytes are a copy: the receiver may use its buffer again', async (t) => {
  const receiver = await startReceiver(t);
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, compression: 'none' });
  const lent = batch(metric('jobs', 2, 7));
  exporter.consume(lent);
  lent.bytes.fill(0);
  await until('sent', () => counts.sent === 1);
  assert.deepEqual(new Uint8Array(receiver.requests[0]?.body ?? []), new Uint8Array(one.bytes));
});

test('429, 502, 503, 504 and a broken connection are tried again, with a line when they begin and one when they have ended', async (t) => {
  const receiver = await startReceiver(t, [
    { status: 0, breaks: true },
    { status: 429 },
    { status: 502 },
    { status: 503 },
    { status: 504 },

    { status: 200 },
  ]);
  const { exporter, counts, lines } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure: soon });
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  assert.equal(receiver.requests.length, 6);
  assert.match(lines[0] ?? '', /fails and is tried again: ECONNRESET/);
  assert.match(lines.at(-1) ?? '', /works again after 5 failed attempts/);
});

for (const status of [400, 401, 404, 413, 500, 501]) {
  test(`${status} is final: the points are counted as failed and named once`, async (t) => {
    const receiver = await startReceiver(t, [{ status }]);
    const { exporter, counts, refusals } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure: soon });
    exporter.consume(one);
    await until('failed', () => counts.failed === 1);
    assert.equal(receiver.requests.length, 1);
    assert.match(refusals[0] ?? '', new RegExp(`^not_sent: .*${status}`));
  });
}

test('Retry-After holds, in seconds and as a date', async (t) => {
  const date = new Date(Date.now() + 4_000).toUTCString();
  const receiver = await startReceiver(t, [
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 503, headers: { 'retry-after': date } },
    { status: 200 },
  ]);
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure: soon });
  const from = performance.now();
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  assert.ok(performance.now() - from >= 1_000);
  assert.ok(Date.now() + 50 >= Date.parse(date));
});

test('partial success is counted and named, and never sent again', async (t) => {
  const answer = { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: encodePartialSuccess(1, 'too old') };
  const receiver = await startReceiver(t, [answer]);
  const { exporter, counts, refusals } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure: soon });
  exporter.consume(batch(metric('a', 2, 1), metric('b', 2, 1)));
  await until('settled', () => counts.sent + counts.failed === 2);
  assert.deepEqual({ ...counts }, { sent: 1, failed: 1, enqueueFailed: 0 });
  assert.match(refusals[0] ?? '', /^rejected_points: .*1 points rejected, "too old"/);
  assert.equal(receiver.requests.length, 1);
});

test('a 2xx whose body cannot be read is a success with a warning', async (t) => {
  const receiver = await startReceiver(t, [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' }]);
  const { exporter, counts, refusals } = await startExporter(t, { endpoint: receiver.origin });
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  assert.match(refusals[0] ?? '', /^warned: .*no response of OTLP/);
});

test('an attempt has its timeout, and the next one may work', async (t) => {
  const receiver = await startReceiver(t, [{ status: 200, after: new Promise(() => {}) }, { status: 200 }]);
  const { exporter, counts, lines } = await startExporter(t, {
    endpoint: receiver.origin,
    timeout: '100ms',
    retry_on_failure: soon,
  });
  exporter.consume(one);
  await until('sent', () => counts.sent === 1);
  assert.match(lines[0] ?? '', /timed out/);
});

test('without retries, a failure that passes is counted as failed', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure: { enabled: false } });
  exporter.consume(one);
  await until('failed', () => counts.failed === 1);
  assert.equal(receiver.requests.length, 1);
});

test('no secret of the headers is in a line', async (t) => {
  const receiver = await startReceiver(t, [{ status: 401, body: 'wrong: hunter-2-hunter' }]);
  const { exporter, counts, refusals } = await startExporter(t, {
    endpoint: receiver.origin,
    headers: { authorization: 'Bearer hunter-2-hunter' },
  });
  exporter.consume(one);
  await until('failed', () => counts.failed === 1);
  assert.doesNotMatch(refusals.join(), /hunter/);
});

test('large requests that are sent at the same time keep their own bytes', async (t) => {
  const receiver = await startReceiver(t);
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, compression: 'none' });
  const batches = Array.from({ length: 12 }, (_, at) =>
    batch(...Array.from({ length: 9_000 - at * 10 }, (_, n) => metric(`jobs.of.the.machine.${n}`, 2, at))),
  );
  const points = (count: number) => batches.slice(0, count).reduce((sum, { points: of }) => sum + of, 0);
  for (const [at, one] of batches.entries()) {
    exporter.consume(one);
    if (at % 4 === 3) await until('sent', () => counts.sent === points(at + 1));
  }
  const key = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(receiver.requests.map(({ body }) => key(body)).toSorted(), batches.map(({ bytes }) => key(bytes)).toSorted());
});
