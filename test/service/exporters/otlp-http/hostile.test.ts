/**
 * What no receiver should answer: `timeout` holds, no connection stays, memory has a bound, and each point is sent again or
 * counted.
 */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { until } from '../../../until.ts';
import { batch, metric, soon, startExporter } from './rig.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\n';
const good = `${head}content-length: 0\r\n\r\n`;
/** What only the timeout ends takes this long. On a busy machine a good answer may, too: its points are sent once more. */
const shortTimeoutMs = 500;
/** Where an answer that takes longer would be another result. */
const fairTimeoutMs = 2_000;
/** What the answer itself ends: longer than a busy machine takes for it. */
const longTimeoutMs = 120_000;
const batches = 10;
const consumers = 5;
/** More than the system's buffers of a connection. */
const bufferedBytes = 32 * 1_048_576;

interface Hostile {
  readonly endpoint: string;
  /** Requests, by what they were answered with. */
  readonly counts: { hostile: number; good: number };
  /** Connections that are open, and the most at a time. */
  readonly open: { now: number; most: number };
  /** The most bytes that one connection was given. */
  written(): number;
}

/** Answers the first `times` requests by `answer`, the others well. */
async function startHostile(t: TestContext, times: number, answer: (socket: Socket) => void): Promise<Hostile> {
  const counts = { hostile: 0, good: 0 };
  const open = { now: 0, most: 0 };
  let written = 0;
  const server = createServer((socket) => {
    open.now++;
    open.most = Math.max(open.most, open.now);
    socket.on('error', () => {});
    socket.once('close', () => {
      open.now--;
      written = Math.max(written, socket.bytesWritten);
    });
    socket.on('data', (bytes) => {
      // A request as small as these comes in one piece.
      if (!bytes.includes('POST /v1/metrics')) return;
      if (counts.hostile < times) {
        counts.hostile++;
        answer(socket);
      } else {
        counts.good++;
        socket.write(good);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts, open, written: () => written };
}

/** A byte at a time: all of it would take far longer than the timeout. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++] ?? ''), shortTimeoutMs / 5);
  socket.once('close', () => clearInterval(timer));
}

function flood(socket: Socket, piece: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

function timeoutOf(what: string): string {
  if (/body a byte at a time/.test(what)) return `${fairTimeoutMs}ms`;
  return `${isTimedOut(what) ? shortTimeoutMs : longTimeoutMs}ms`;
}

const isTimedOut = (what: string): boolean => /never|at a time/.test(what);

const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;

/** Whose answer never begins: it is sent again. */
const unanswered: Readonly<Record<string, (socket: Socket) => void>> = {
  'never answers': () => {},
  'answers a byte at a time': (socket) => drip(socket, good),
  'closes without an answer': (socket) => socket.destroy(),
  'closes in the middle of the head': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
  'sends headers without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, `x-more: ${'x'.repeat(1_000)}\r\n`);
  },
  'sends interim answers without end': (socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)),
  'is no HTTP server': (socket) => socket.write('220 mail.example.org ESMTP\r\n'),
  'sends 503 with a body without end': (socket) => {
    socket.write('HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n');
    flood(socket, chunk);
  },
};

for (const [what, answer] of Object.entries(unanswered)) {
  test(`a receiver that ${what}: points are sent again`, async (t) => {
    const receiver = await startHostile(t, 2 * batches, answer);
    const { exporter, counts, lines, refusals, queue } = await startExporter(t, {
      endpoint: receiver.endpoint,
      timeout: timeoutOf(what),
      retry_on_failure: soon,
      sending_queue: { num_consumers: consumers },
    });
    for (let at = 0; at < batches; at++) assert.equal(exporter.consume(batch(metric(`m.${at}`, 2, at))), undefined);
    await until('sent', () => counts.sent === batches);
    assert.deepEqual([counts.failed, counts.enqueueFailed, queue().size, refusals], [0, 0, 0, []]);
    assert.equal(receiver.counts.hostile, 2 * batches);
    if (isTimedOut(what)) assert.ok(receiver.counts.good >= batches, `${receiver.counts.good} answered`);
    else assert.equal(receiver.counts.good, batches);
    // One when it begins, one for each other cause, one when it works again.
    assert.ok(lines.length >= 2 && lines.length <= 4, lines.join('\n'));
    assert.ok(receiver.open.most <= 2 * consumers, `${receiver.open.most} connections`);
    assert.ok(receiver.written() < bufferedBytes, `${receiver.written()} bytes`);
    await exporter.shutdown();
    await until('all connections closed', () => receiver.open.now === 0);
  });
}

/** OTLP: 200 is success. What it took is not sent again, because deltas would count twice. */
const accepted: Readonly<Record<string, (socket: Socket) => void>> = {
  'closes in the middle of its body': (socket) => socket.end(`${head}content-length: 100\r\n\r\nxx`),
  'sends its body a byte at a time': (socket) => {
    socket.write(`${head}content-length: 100\r\n\r\n`);
    drip(socket, 'x'.repeat(100));
  },
  'sends a body without end': (socket) => {
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    flood(socket, chunk);
  },
  'breaks its chunks': (socket) => socket.write(`${head}transfer-encoding: chunked\r\n\r\nzzz\r\n`),
};

for (const [what, answer] of Object.entries(accepted)) {
  test(`a receiver that says 200 and ${what}: a success with a warning`, async (t) => {
    const receiver = await startHostile(t, batches, answer);
    const { exporter, counts, refusals, queue } = await startExporter(t, {
      endpoint: receiver.endpoint,
      timeout: timeoutOf(what),
      retry_on_failure: soon,
      sending_queue: { num_consumers: consumers },
    });
    for (let at = 0; at < batches; at++)
      assert.equal(exporter.consume(batch(metric(`m.${at}`, 2, at, { temporality: 1 }))), undefined);
    await until('sent', () => counts.sent === batches);
    assert.deepEqual([counts.failed, queue().size, receiver.counts], [0, 0, { hostile: batches, good: 0 }]);
    assert.match(refusals[0] ?? '', /^warned: .*answered 200/);
    assert.ok(receiver.open.most <= 2 * consumers, `${receiver.open.most} connections`);
    assert.ok(receiver.written() < bufferedBytes, `${receiver.written()} bytes`);
    await exporter.shutdown();
    await until('all connections closed', () => receiver.open.now === 0);
  });
}

test('a receiver that says 400 and closes in the middle of its body: final', async (t) => {
  const receiver = await startHostile(t, 1, (socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\nout of order'),
  );
  const { exporter, counts, refusals } = await startExporter(t, { endpoint: receiver.endpoint, retry_on_failure: soon });
  exporter.consume(batch(metric('m', 2, 1)));
  await until('settled', () => counts.failed + counts.sent === 1);
  assert.deepEqual([counts.failed, receiver.counts], [1, { hostile: 1, good: 0 }]);
  assert.match(refusals[0] ?? '', /^not_sent: .*400 Bad Request, "out of order"/);
});
