/** One request as Prometheus makes it. */
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { createGunzip } from 'node:zlib';
import manifest from '../../../../package.json' with { type: 'json' };
import { type Credentials, defaultTimeoutMs, type FetchOptions, readCredentials } from './fetch-options.ts';
import { shownUrl } from './shown-source.ts';
import { messageOf, sourceError } from './source-error.ts';

/** Go's client, and so Prometheus. */
const mostRedirects = 10;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface Fetched {
  readonly contentType: string | undefined;
  /** Decompressed. It ends with an error when the time is up. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection. */
  close(): void;
}

/**
 * Follows redirections as Go's client does: ten of them; headers and credentials only to the URL's own origin.
 * @throws CHECK_SOURCE for anything but a response with 200
 */
export async function fetchPage(url: URL, accept: string, options: FetchOptions = {}): Promise<Fetched> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const credentials = readCredentials(options);
  const clock = createWaitingClock(timeoutMs);
  let current = url;
  for (let followed = 0; ; followed++) {
    const response = await clock.wait(send(current, url, { accept, credentials, timeoutMs, signal: clock.signal }), current);
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return bodyOf(response, clock, current);
    response.destroy();
    if (!redirects.has(status)) throw refused(current, `${status} ${response.statusMessage ?? ''}`.trim());
    if (followed === mostRedirects) throw refused(url, `more than ${mostRedirects} redirections`);
    current = nextUrl(headers.location, current, url);
  }
}

function refused(url: URL, got: string, cause?: unknown): Error {
  const fix = 'start the program, or correct the URL or its credentials';
  return sourceError(shownUrl(url), got, 'an endpoint responds with 200 and an exposition', fix, cause);
}

interface Sending {
  readonly accept: string;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function send(url: URL, home: URL, { accept, credentials, timeoutMs, signal }: Sending): Promise<IncomingMessage> {
  const own = url.origin === home.origin;
  const secure = url.protocol === 'https:';
  const options: RequestOptions = {
    agent: false,
    signal,
    headers: {
      'user-agent': `meterbridge/${manifest.version}`,
      accept,
      'accept-encoding': 'gzip',
      'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
      ...(own ? credentials.headers : {}),
    },
    ...(secure ? credentials.tls : {}),
  };
  const target = new URL(url);
  target.username = '';
  target.password = '';
  try {
    if (own && home.username !== '') options.auth = `${decodeURIComponent(home.username)}:${decodeURIComponent(home.password)}`;
    return await new Promise((resolve, reject) => {
      const sent = (secure ? secureRequest : plainRequest)(target, options, resolve);
      sent.on('error', reject);
      sent.end();
    });
  } catch (error) {
    throw refused(url, messageOf(error), error);
  }
}

function nextUrl(location: string | undefined, from: URL, home: URL): URL {
  if (location === undefined || !URL.canParse(location, from.href)) throw refused(home, 'a redirection without a URL');
  const next = new URL(location, from);
  if (next.protocol !== 'http:' && next.protocol !== 'https:') throw refused(home, 'a redirection to something else than http');
  return next;
}

function bodyOf(response: IncomingMessage, clock: WaitingClock, url: URL): Fetched {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'gzip' && encoding !== 'identity' && encoding !== '') {
    response.destroy();
    throw refused(url, `content-encoding ${encoding}, which was not asked for`);
  }
  // One that comes before the body is read, which then ends with it.
  response.on('error', () => undefined);
  const gunzip = encoding === 'gzip' ? createGunzip() : undefined;
  if (gunzip !== undefined) {
    response.on('error', (error) => gunzip.destroy(error));
    response.pipe(gunzip);
  }
  const stream = gunzip ?? response;
  return {
    contentType: response.headers['content-type'],
    body: clock.chunks(stream, url),
    close() {
      response.destroy();
      gunzip?.destroy();
    },
  };
}

interface WaitingClock {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  wait<T>(promise: Promise<T>, url: URL): Promise<T>;
  chunks(stream: AsyncIterable<Uint8Array>, url: URL): AsyncIterable<Uint8Array>;
}

/** Only the time that is spent waiting counts: what this process does with a chunk in between is not the endpoint's. */
function createWaitingClock(totalMs: number): WaitingClock {
  const ended = new AbortController();
  let left = totalMs;

  async function wait<T>(promise: Promise<T>, url: URL): Promise<T> {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          reject(refused(url, `no complete response within ${totalMs / 1000} s`));
          ended.abort();
        },
        Math.max(0, left),
      );
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
      left -= performance.now() - began;
    }
  }

  async function* chunks(stream: AsyncIterable<Uint8Array>, url: URL): AsyncGenerator<Uint8Array> {
    const iterator = stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await wait(iterator.next(), url).catch((error: unknown) => {
        throw isOwn(error) ? error : refused(url, `a response that breaks off: ${messageOf(error)}`, error);
      });
      if (next.done === true) return;
      yield next.value;
    }
  }

  return { signal: ended.signal, wait, chunks };
}

function isOwn(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'CHECK_SOURCE';
}
