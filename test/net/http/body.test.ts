/** The body of a request, in each adapter; its limit, and what reading it costs. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { fastify } from 'fastify';
import { fastifyMetrics } from '../../../src/fastify.ts';
import { type BodyResult, readStream } from '../../../src/net/http/body.ts';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { fetchHandler } from '../../../src/net/http/fetch.ts';
import { nodeListener } from '../../../src/net/http/node-http.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { takeApart } from './requests.ts';
import { answers, listening, sending } from './sockets.ts';

const maxBytes = 100_000;

/** Answers with the body; 413 where it is too large (RFC 9110, section 15.5.14), 400 where it is not whole. */
const mirror: Handler = async ({ body }) => {
  const read = await body?.(maxBytes);
  if (read === undefined) return plainReply(500, 'no way to read it');
  if (!read.ok) return plainReply(read.reason === 'too large' ? 413 : 400, read.reason);
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: read.bytes };
};

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Sends one after another; `announced`: with a `Content-Length`, else chunked. */
type Ask = (chunks: readonly Uint8Array[], announced: boolean) => Promise<Answer>;

function node(t: TestContext, handler: Handler): Promise<number> {
  return listening(t, createServer(nodeListener(handler)));
}

async function onFastify(t: TestContext, handler: Handler): Promise<number> {
  const app = fastify({ bodyLimit: 10, forceCloseConnections: true });
  t.after(() => app.close());
  await app.register(fastifyMetrics(handler, { path: '/' }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

function overSocket(port: number): Ask {
  return async (chunks, announced) => {
    const length = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const headers = announced ? { 'content-length': length } : { 'transfer-encoding': 'chunked' };
    const request = send({ host: '127.0.0.1', port, method: 'POST', headers });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    for (const chunk of chunks) request.write(chunk);
    request.end();
    const [response] = await answered;
    return { status: response.statusCode ?? 0, body: Buffer.concat(await response.toArray()) };
  };
}

const byFetch: Ask = async (chunks, announced) => {
  const whole = Buffer.concat(chunks);
  const init = announced
    ? { body: whole, headers: { 'content-length': String(whole.byteLength) } }
    : { body: ReadableStream.from(chunks), duplex: 'half' as const };
  const response = await fetchHandler(mirror)(new Request('http://h/', { method: 'POST', ...init }));
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
};

const adapters: Readonly<Record<string, (t: TestContext) => Promise<Ask> | Ask>> = {
  'node:http': async (t) => overSocket(await node(t, mirror)),
  Fastify: async (t) => overSocket(await onFastify(t, mirror)),
  Fetch: () => byFetch,
};

/** Bytes that differ from their neighbours, so that none can change places. */
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff);
const cut = (whole: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(whole.byteLength / size) }, (_, at) => whole.subarray(at * size, (at + 1) * size));

for (const [name, adapter] of Object.entries(adapters)) {
  test(`${name}: a body comes whole, up to the limit and no further`, async (t) => {
    const ask = await adapter(t);
    for (const announced of [true, false]) {
      for (const chunks of [[], [bytes(1)], [bytes(maxBytes)], cut(bytes(maxBytes), 30_001), cut(bytes(300), 1)]) {
        const got = await ask(chunks, announced);
        assert.equal(got.status, 200);
        assert.ok(got.body.equals(Buffer.concat(chunks)), `${chunks.length} chunks, ${announced ? 'announced' : 'chunked'}`);
      }
      for (const chunks of [[bytes(maxBytes + 1)], cut(bytes(maxBytes + 1), 30_000)]) {
        assert.deepEqual(await ask(chunks, announced), { status: 413, body: Buffer.from('too large\n') });
      }
    }
  });
}

for (const [name, serve] of Object.entries({ 'node:http': node, Fastify: onFastify })) {
  test(`${name}: too large is said ahead of the body, where it is announced`, async (t) => {
    const request = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${maxBytes + 1}\r\nConnection: close\r\n\r\n`;
    assert.equal(takeApart(await answers(await serve(t, mirror), request)).status, 413);
  });

  test(`${name}: the connection goes on behind a body that was too large, or that nobody read`, async (t) => {
    const handler: Handler = (request) => (request.path === '/' ? mirror(request) : plainReply(200, 'unread'));
    const port = await serve(t, handler);
    const large = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${maxBytes + 1}\r\n\r\n${'x'.repeat(maxBytes + 1)}`;
    const received = await answers(
      port,
      `${large}POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`,
    );
    assert.match(received, /^HTTP\/1\.1 413 /);
    assert.match(received, /HTTP\/1\.1 200 OK[\s\S]*\r\n\r\nok$/);
  });

  test(`${name}: a client that leaves within its body leaves it incomplete`, async (t) => {
    const begun = Promise.withResolvers<void>();
    const read = Promise.withResolvers<BodyResult | undefined>();
    const port = await serve(t, async ({ body }) => {
      const reading = body?.(maxBytes);
      begun.resolve();
      read.resolve(await reading);
      return plainReply(200, 'ok');
    });
    const socket = sending(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
    await begun.promise;
    socket.destroy();
    assert.deepEqual(await read.promise, { ok: false, reason: 'incomplete' });
  });
}

test('behind a preParsing hook of the app, the body is what the hook made of it', async (t) => {
  const app = fastify();
  t.after(() => app.close());
  app.addHook('preParsing', async (_request, _reply, payload) => payload.pipe(new PassThrough({ encoding: 'utf8' })));
  await app.register(fastifyMetrics(mirror));
  const answer = await app.inject({ method: 'POST', url: '/metrics', payload: 'grüße' });
  assert.equal(answer.body, 'grüße');
});

test('a Request whose body was read, or breaks, is incomplete', async () => {
  const used = new Request('http://h/', { method: 'POST', body: 'x' });
  await used.text();
  const breaking = ReadableStream.from(
    (async function* () {
      yield bytes(1);
      throw new Error('gone');
    })(),
  );
  for (const request of [used, new Request('http://h/', { method: 'POST', body: breaking, duplex: 'half' })]) {
    assert.equal((await fetchHandler(mirror)(request)).status, 400);
  }
});

test('a stream that is read to its end, or destroyed, is not waited for', async () => {
  const ended = Readable.from([bytes(1)]);
  await ended.toArray();
  for (const stream of [ended, Readable.from([bytes(1)]).destroy()]) {
    assert.deepEqual(await readStream(stream, undefined, maxBytes), { ok: false, reason: 'incomplete' });
  }
});

for (const contentLength of ['8192', '1', undefined]) {
  test(`each byte is copied three times at most, byte by byte and with ${contentLength ?? 'no'} length announced`, async (t) => {
    const length = 8_192;
    let copied = 0;
    const typed = Object.getPrototypeOf(Uint8Array.prototype) as { set(from: ArrayLike<number>, at?: number): void };
    const set = typed.set;
    t.mock.method(typed, 'set', function (this: Uint8Array, from: ArrayLike<number>, at?: number) {
      copied += from.length;
      set.call(this, from, at);
    });
    const read = await readStream(Readable.from(cut(bytes(length), 1)), contentLength, length);
    assert.ok(copied >= length && copied <= 3 * length, `${copied} bytes for ${length}`);
    assert.ok(read.ok && Buffer.from(read.bytes).equals(bytes(length)));
  });
}

test('memory goes with what has come, not with what is announced', async (t) => {
  const most = 1 << 30;
  const allocated: number[] = [];
  const { allocUnsafe } = Buffer;
  t.mock.method(Buffer, 'allocUnsafe', (size: number) => {
    allocated.push(size);
    return allocUnsafe(size);
  });
  const stream = new PassThrough();
  const reading = readStream(stream, String(most), most);
  for (const chunk of cut(bytes(10_000), 100)) stream.write(chunk);
  await new Promise(setImmediate);
  stream.destroy();
  assert.deepEqual(await reading, { ok: false, reason: 'incomplete' });
  assert.ok(allocated.length > 0 && Math.max(...allocated) <= 20_000, String(allocated));
});
