/**
 * The floors: a body that is there already, from bare `node:http`, and the same from a thread that asks the main thread first.
 */
import { createServer, type Server } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { labelSets, listening, type Serve } from './program.ts';

function page(series: number): string {
  const lines = labelSets(series).map(({ method, route }) => `shop_requests_total{method="${method}",route="${route}"} 1\n`);
  return `# HELP shop_requests_total Requests.\n# TYPE shop_requests_total counter\n${lines.join('')}`;
}

/** `ready` calls `answer` when the body may go out. */
function constantServer(series: number, ready: (answer: () => void) => void): Server {
  const text = page(series);
  const zipped = gzipSync(text);
  return createServer((request, response) => {
    ready(() => {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      if (request.headers['accept-encoding'] !== 'gzip') return void response.end(text);
      response.setHeader('content-encoding', 'gzip');
      response.end(zipped);
    });
  });
}

const count = (): void => {};

export const constants: Readonly<Record<string, Serve>> = {
  async constant({ series }) {
    return { url: await listening(constantServer(series, (answer) => answer())), count };
  },
  async 'constant-thread'({ series }) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { series } });
    const url = await new Promise<string>((resolve) => worker.once('message', resolve));
    worker.on('message', (question) => worker.postMessage(question));
    return { url, count };
  },
};

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const waiting: (() => void)[] = [];
  const ask = (answer: () => void): void => {
    waiting.push(answer);
    port.postMessage('ask');
  };
  const url = await listening(constantServer((workerData as { series: number }).series, ask));
  port.on('message', () => waiting.shift()?.());
  port.postMessage(url);
}
