/** Posts requests one after the other, and each again until it is accepted, or never will be. */
import manifest from '../../../../package.json' with { type: 'json' };
import type { Outcome } from '../../../net/otlp-client/answers/failure.ts';
import { createNodePoster } from '../../../net/otlp-client/node-poster.ts';
import { createSender } from '../../../net/otlp-client/sender.ts';

export interface RequestsSender {
  send(request: Uint8Array): Promise<Outcome>;
  close(): void;
}

/** How long a request is tried, in milliseconds; an attempt, and the pauses between attempts. */
const longestMs = 300_000;
const attemptMs = 30_000;
const retry = {
  initialIntervalMs: 1_000,
  multiplier: 1.5,
  maxIntervalMs: 30_000,
  randomizationFactor: 0.5,
  maxRetryAfterMs: 60_000,
};
const path = '/v1/metrics';

/** @param endpoint `/v1/metrics` is appended to it, unless it ends so */
export function createRequestsSender(
  endpoint: URL,
  headers: Readonly<Record<string, string>>,
  say: (line: string) => void,
): RequestsSender {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith(path)) url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  const sender = createSender(
    {
      url: url.href,
      headers: { 'user-agent': `Meterbridge-OTLP-Exporter-JavaScript/${manifest.version}`, ...headers },
      encoding: 'protobuf',
      compression: undefined,
      retry,
      names: {
        endpoint: 'URL',
        metricsEndpoint: 'URL',
        headers: '--header',
        encoding: 'the encoding, which is protobuf',
        compression: 'the compression, of which there is none',
        timeout: 'the time of an attempt, which is 30 s',
        interval: 'the pauses, which are at most 30 s',
        authorities: 'NODE_EXTRA_CA_CERTS',
      },
      attemptMs,
      retrying: ({ text, fix }) => say(`sending fails and is tried again: ${text}. Fix: ${fix}`),
    },
    createNodePoster({}),
  );
  const never = new AbortController().signal;
  return { send: (request) => sender.send(request, performance.now() + longestMs, never), close: sender.close };
}
