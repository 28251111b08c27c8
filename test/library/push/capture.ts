/** A small OTLP/HTTP receiver that keeps what it gets. Not a Collector: it answers what a test tells it to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeMetrics } from '../../formats/otlp/decode-metrics.ts';
import { until as untilHolds } from '../../until.ts';

export interface Answer {
  readonly status: number;
  /** In place of the status's own words. */
  readonly reason?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface Captured {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The request as OTLP in JSON has it, whatever its encoding; 64-bit integers as numbers, but for times. */
  // biome-ignore lint/suspicious/noExplicitAny: read by tests only
  readonly json: any;
  /** By `performance.now()`. */
  readonly atMs: number;
}

export interface Capture {
  readonly url: string;
  readonly port: number;
  readonly pushes: readonly Captured[];
  /** What later pushes are answered; undefined leaves them without an answer. */
  answer(next: Answer | undefined): void;
  /** Answers those that were left without. */
  answerNow(answer: Answer): void;
  /** Closes the connections that are open. */
  hangUp(): void;
  close(): Promise<void>;
}

const success: Answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"partialSuccess":{}}' };

export async function startCapture(port = 0, first: Answer | undefined = success): Promise<Capture> {
  const pushes: Captured[] = [];
  const waiting: ServerResponse[] = [];
  let answer: Answer | undefined = first;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      pushes.push({
        path: request.url ?? '',
        headers: request.headers,
        atMs: performance.now(),
        json: decodeMetrics(request.headers['content-type'] ?? 'application/json', bytes),
      });
      if (answer === undefined) waiting.push(response);
      else response.writeHead(answer.status, answer.reason, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    pushes,
    answer(next) {
      answer = next;
    },
    answerNow({ status, headers, body }) {
      for (const response of waiting.splice(0)) response.writeHead(status, headers).end(body);
    },
    hangUp: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The metrics of a push by name. */
// biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, read by tests only
export function metricsOf(captured: Captured | undefined): Record<string, any> {
  // biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, read by tests only
  const result: Record<string, any> = {};
  for (const { scopeMetrics } of captured?.json.resourceMetrics ?? []) {
    for (const { metrics } of scopeMetrics) for (const metric of metrics) result[metric.name] = metric;
  }
  return result;
}

/** Waits until `condition` holds; what it says is its name, when it never does. */
export const until = (condition: () => boolean): Promise<void> => untilHolds(String(condition), condition);
