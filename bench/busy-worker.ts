/**
 * A listener in a worker that knows nothing of Meterbridge: for each request it reads a shared buffer, here and there, writes a
 * body of the size that a million series take, and sends it. What it does to the host's event loop is the machine's.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { parentPort, threadId, Worker } from 'node:worker_threads';

const bodyBytes = 62_000_000;
const sourceWords = 2 ** 24;
/** As a renderer does: one millisecond of work, then a turn. */
const sliceMs = 1;
/**
 * A prime, so that reads are far apart. Every eighth is: with one of each, a body takes two to three times the time of a million
 * series.
 */
const stride = 15_485_863;
const farEvery = 8;

/** Starts the worker, and returns the listener's URL. */
export function listenInBusyWorker(): Promise<string> {
  const worker = new Worker(new URL(import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function answer(source: Float64Array, response: ServerResponse): Promise<void> {
  const body = new Float64Array(bodyBytes / Float64Array.BYTES_PER_ELEMENT);
  let from = performance.now();
  for (let at = 0; at < body.length; at++) {
    body[at] = source[(at % farEvery === 0 ? Math.imul(at, stride) : at) & (sourceWords - 1)] as number;
    if (at % 1_024 !== 0 || performance.now() - from < sliceMs) continue;
    await setImmediate();
    from = performance.now();
  }
  response.end(new Uint8Array(body.buffer));
}

if (threadId !== 0 && parentPort !== null) {
  const source = new Float64Array(new SharedArrayBuffer(sourceWords * Float64Array.BYTES_PER_ELEMENT)).fill(1);
  const server = createServer((_request, response) => void answer(source, response));
  server.listen(0, '127.0.0.1', () =>
    parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`),
  );
}
