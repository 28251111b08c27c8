import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import test from 'node:test';
import { fastify } from 'fastify';
import { addHandlerRoute } from '../../../src/net/http/fastify.ts';
import { bytesInPieces, inPieces, pieceBytes } from '../../../src/net/http/in-pieces.ts';
import { nodeListener } from '../../../src/net/http/node-http.ts';

const bodyOf = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, at) => at % 251);

test('a small body is sent as it is', () => {
  const body = bodyOf(pieceBytes);
  assert.equal(inPieces(body), body);
});

for (const more of [1, pieceBytes, 3 * pieceBytes + 7]) {
  test(`a piece and ${more} bytes come whole, and the event loop turns between two pieces`, async () => {
    const body = bodyOf(pieceBytes + more);
    const stream = inPieces(body);
    assert.ok(stream instanceof Readable);
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    clearImmediate(timer);
    assert.deepEqual(Buffer.concat(parts), Buffer.from(body));
    assert.ok(turns >= parts.length - 1, `${turns} turns, ${parts.length} pieces`);
  });
}

test('of a loop whose turns take 5 ms, a body of 64 pieces waits for fewer than 20', async () => {
  let turns = 0;
  const work = (): void => {
    turns += 1;
    const end = performance.now() + 5;
    while (performance.now() < end);
    timer = setImmediate(work);
  };
  let timer = setImmediate(work);
  let bytes = 0;
  let most = 0;
  for await (const part of inPieces(new Uint8Array(64 * pieceBytes)) as Readable) {
    bytes += part.length;
    most = Math.max(most, part.length);
  }
  clearImmediate(timer);
  assert.equal(bytes, 64 * pieceBytes);
  assert.ok(turns < 20, `${turns} turns`);
  assert.ok(most <= 16 * pieceBytes, `${most} bytes`);
});

test('clients that take one piece and no more are given small ones, however long turns last: over TLS each is a copy', async () => {
  const clients = 100;
  const body = new Uint8Array(32 * pieceBytes);
  const opened = Array.from({ length: clients }, () => {
    let isFirst = true;
    // What it does not take stays its writer's.
    const client = new Writable({
      write(_piece, _encoding, taken) {
        if (isFirst) setImmediate(taken);
        isFirst = false;
      },
    });
    const pieces = inPieces(body) as Readable;
    pieces.pipe(client);
    return { pieces, client };
  });
  for (let turns = 0; turns < 8; turns++) {
    const end = performance.now() + 10;
    while (performance.now() < end);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const untaken = opened.reduce((sum, { client }) => sum + client.writableLength, 0);
  assert.ok(untaken > 0 && untaken <= 64 * pieceBytes + clients * 65_536, `${untaken} bytes`);
  assert.ok(bytesInPieces() >= untaken, `${bytesInPieces()} bytes are counted of ${untaken}`);
  for (const { pieces } of opened) pieces.destroy();
  while (bytesInPieces() > 0) await new Promise((resolve) => setImmediate(resolve));
});

const reply = { status: 200, headers: { 'content-type': 'text/plain' }, body: bodyOf(5 * pieceBytes + 3) };

for (const method of ['GET', 'HEAD']) {
  test(`${method}: both adapters say the length of a large body, and tell when it was sent`, async (t) => {
    let sent = 0;
    const handler = async () => ({ ...reply, sent: () => (sent += 1) });
    const server = createServer(nodeListener(handler));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const app = fastify();
    t.after(() => Promise.all([app.close(), new Promise((resolve) => server.close(resolve))]));
    await app.register(async (scope) => addHandlerRoute(scope, '/', handler));
    const urls = [
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      await app.listen({ port: 0, host: '127.0.0.1' }),
    ];
    for (const [at, url] of urls.entries()) {
      const answer = await fetch(url, { method });
      assert.equal(answer.headers.get('content-length'), String(reply.body.byteLength));
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), method === 'GET' ? reply.body : new Uint8Array());
      while (sent <= at) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(sent, at + 1);
    }
  });
}
