/**
 * OTLP over HTTP, each row of the answers through a real socket: OTLP 1.9, "OTLP/HTTP Response", and the Collector's texts where
 * the norm has none (otlpreceiver v0.159).
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../until.ts';
import { statusOf } from './answers.ts';
import { open, send } from './http-client.ts';
import { startReceiver } from './receiver.ts';

const post = 'POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

describe('a connection', () => {
  test('answers requests that were sent ahead in their order', async (t) => {
    const { http } = await startReceiver(t);
    const { socket, text } = await open(t, http);
    socket.write([2, 2, 1, 2].map((length) => `${post}Content-Length: ${length}\r\n\r\n${'{}'.slice(0, length)}`).join(''));
    await until('four answers', () => (text().match(/HTTP\/1\.1/g) ?? []).length === 4);
    assert.deepEqual(text().match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  test('is told before the body that it is too large', async (t) => {
    const { http } = await startReceiver(t, { http: { max_request_body_size: 1_000 } });
    const large = await open(t, http);
    large.socket.write(`${post}Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n`);
    await large.closed;
    assert.match(large.text(), /^HTTP\/1\.1 413 /);
    const small = await open(t, http);
    small.socket.write(`${post}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
    await until('100', () => small.text().includes('100 Continue'));
    small.socket.write('{}');
    await until('200', () => small.text().includes('HTTP/1.1 200'));
  });

  test('is kept after an answer, unless keep_alives_enabled is false', async (t) => {
    for (const [enabled, header] of [
      [true, 'keep-alive'],
      [false, 'close'],
    ] as const) {
      const { http } = await startReceiver(t, { http: { keep_alives_enabled: enabled } });
      const { socket, text } = await open(t, http);
      socket.write(`${post}Content-Length: 2\r\n\r\n{}`);
      await until('an answer', () => text().includes('{}'));
      assert.match(text(), new RegExp(`Connection: ${header}`, 'i'));
    }
  });

  test('ends after idle_timeout', async (t) => {
    const { http } = await startReceiver(t, { http: { idle_timeout: '100ms' } });
    const { socket, text, closed } = await open(t, http);
    socket.write(`${post}Content-Length: 2\r\n\r\n{}`);
    await closed;
    assert.match(text(), /^HTTP\/1\.1 200 /);
  });

  for (const [what, sent] of [
    ['half a body', `${post}Content-Length: 100\r\n\r\n{`],
    ['a body in chunks that stops', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`],
  ] as const)
    test(`with ${what} gets 408 and a Status after read_timeout, and is closed`, async (t) => {
      const receiver = await startReceiver(t, { http: { read_timeout: '100ms' } });
      const { socket, text, closed } = await open(t, receiver.http);
      socket.write(sent);
      await closed;
      assert.match(text(), /^HTTP\/1\.1 408 /);
      assert.match(text(), /connection: close/i);
      assert.equal(statusOf('application/json', Buffer.from(text().slice(text().indexOf('\r\n\r\n') + 4))).code, 4);
      assert.deepEqual(receiver.refusals, { too_slow: 1 });
    });

  test('with half a head gets 408 after read_header_timeout', async (t) => {
    const { http } = await startReceiver(t, { http: { read_header_timeout: '100ms' } });
    const { socket, text, closed } = await open(t, http);
    socket.write('POST /v1/metrics HTTP/1.1\r\nHost:');
    await closed;
    assert.match(text(), /^HTTP\/1\.1 408 /);
  });

  test('with a body that is no HTTP gets 400 and a Status', async (t) => {
    const { http } = await startReceiver(t);
    const { socket, text, closed } = await open(t, http);
    socket.write(`${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`);
    socket.write('no chunk\r\n');
    await closed;
    assert.match(text(), /^HTTP\/1\.1 400 /);
    assert.equal(statusOf('application/json', Buffer.from(text().slice(text().indexOf('\r\n\r\n') + 4))).code, 3);
  });

  test('that is not answered within write_timeout ends', async (t) => {
    const { http } = await startReceiver(t, { http: { write_timeout: '100ms' } });
    const { socket, text, closed } = await open(t, http);
    socket.write(`${post}Content-Length: 100\r\n\r\n{`);
    await closed;
    assert.equal(text(), '');
  });

  test('under way at shutdown is answered, an idle one ends', async (t) => {
    const receiver = await startReceiver(t);
    const idle = await open(t, receiver.http);
    idle.socket.write(`${post}Content-Length: 2\r\n\r\n{}`);
    await until('an answer', () => idle.text().includes('{}'));
    const busy = await open(t, receiver.http);
    busy.socket.write(`${post}Content-Length: 2\r\n\r\n{`);
    const other = await send(receiver.http, { headers: { 'content-type': 'application/json' }, body: '{}' });
    assert.equal(other.status, 200);
    const stopped = receiver.stop();
    await idle.closed;
    busy.socket.write('}');
    await Promise.all([busy.closed, stopped]);
    assert.match(busy.text(), /^HTTP\/1\.1 200 /);
    await assert.rejects(open(t, receiver.http));
  });
});
