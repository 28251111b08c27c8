/** Attempts by undici, for a service that sends all day. Each connection is a client of its own, so that the one used last is used first and the others become idle. */
import type { Socket } from 'node:net';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { buildConnector, Client, Dispatcher } from 'undici';
import { loadPackage } from '../../../node/optional-packages.ts';
import { AnswerBody } from '../../../push/answers/answer.ts';
import { basicOf, errorOf, type Posted, type Poster, reasonOf, spareMs, withoutOwn } from '../../../push/otlp-http/poster.ts';
import type { ProxyOf } from './proxy-of.ts';
import { tunnel } from './tunnel.ts';

export interface UndiciOptions {
  /** What it is at a new connection: another object where it has changed. */
  tls(): ConnectionOptions;
  /** Connections are kept for the next request. */
  readonly keepAlive: boolean;
  readonly maxIdle: number;
  /** Milliseconds that a connection may be idle. A receiver's `Keep-Alive` may say less. */
  readonly idleMs: number;
  readonly proxyOf: ProxyOf;
}

type Undici = typeof import('undici');
type Connect = buildConnector.connector;

/** As Go's client. */
const connectMs = 30_000;

/** Interim answers (RFC 9110, section 15.2) ahead of one that counts. undici itself has no limit. */
const maxInterim = 20;

/** How a URL is reached. */
interface Route {
  readonly url: URL;
  /** Of what the connection goes to. */
  readonly origin: string;
  /** What the request asks for: a proxy wants the whole URL. */
  readonly path: string;
  /** Undefined: none reads the request. */
  readonly proxy: URL | undefined;
  readonly connect: Connect;
}

/** One connection, made at its first request. */
interface Connection {
  readonly client: Client;
  socket: Socket | undefined;
  /** It has carried a request. */
  used: boolean;
}

/** undici is an optional dependency, which the exporter's schema asks for. */
export function createUndiciPoster({ tls, keepAlive, maxIdle, idleMs, proxyOf }: UndiciOptions): Poster {
  const undici = loadPackage<Undici>('undici');
  const connectPlain = undici.buildConnector({ timeout: connectMs });
  const connectTls = tlsConnect(undici, tls);
  const all = new Set<Connection>();
  /** To where the first request went. A redirection to another place is rare: its connections are not kept. */
  const free: Connection[] = [];
  let home: string | undefined;
  let closed = false;
  /** Those of the last request are mostly those of the next one, too. */
  let route: Route | undefined;
  let written: { readonly of: object; readonly route: Route; readonly lines: string[] } | undefined;

  function routeTo(url: URL): Route {
    const proxy = proxyOf(url);
    const path = `${url.pathname}${url.search}`;
    if (proxy === undefined)
      return { url, origin: url.origin, path, proxy, connect: url.protocol === 'https:' ? connectTls : connectPlain };
    if (url.protocol === 'http:') return { url, origin: proxy.origin, path: url.origin + path, proxy, connect: connectPlain };
    const connect: Connect = (to, done) => {
      tunnel(proxy, `${url.hostname}:${url.port === '' ? '443' : url.port}`, connectMs).then(
        (httpSocket) => connectTls({ ...to, httpSocket }, done),
        (error: Error) => done(error, null),
      );
    };
    return { url, origin: url.origin, path, proxy: undefined, connect };
  }

  function open({ origin, connect }: Route): Connection {
    const connection: Connection = {
      client: new undici.Client(origin, {
        connect: (to, done) =>
          connect(to, (...[error, socket]) => {
            if (error !== null) return done(error, null);
            Object.assign(connection, { socket, used: false });
            done(null, socket);
          }),
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: idleMs,
        keepAliveMaxTimeout: idleMs,
        keepAliveTimeoutThreshold: spareMs,
      }),
      socket: undefined,
      used: false,
    };
    connection.client.on('disconnect', () => {
      const at = free.indexOf(connection);
      if (at === -1) return;
      free.splice(at, 1);
      end(connection);
    });
    all.add(connection);
    return connection;
  }

  function end(connection: Connection): void {
    all.delete(connection);
    // Its requests are settled already.
    connection.client.destroy().catch(() => {});
  }

  /** Keeps a connection that can carry a further request: a receiver may have answered before it had read. */
  function release(connection: Connection, origin: string): void {
    connection.used = true;
    const { socket } = connection;
    const usable = socket !== undefined && !socket.destroyed && socket.writableLength === 0;
    if (usable && keepAlive && !closed && origin === home && free.length < maxIdle) free.push(connection);
    else end(connection);
  }

  function attempt(url: URL, given: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal): Promise<Posted> {
    const to = route?.url === url ? route : routeTo(url);
    route = to;
    home ??= to.origin;
    if (written?.of !== given || written.route !== to) written = { of: given, route: to, lines: headersOf(to, given) };
    const connection = (to.origin === home ? free.pop() : undefined) ?? open(to);
    const options = { method: 'POST', path: to.path, headers: written.lines, body, reset: !keepAlive } as const;
    return new Promise((resolve) => {
      function settle(posted: Posted, whole: boolean): void {
        signal.removeEventListener('abort', cut);
        resolve(posted);
        if (whole) release(connection, to.origin);
        else end(connection);
      }
      const handler = new Handler(connection, settle);
      const cut = () => handler.fail(reasonOf(signal));
      signal.addEventListener('abort', cut, { once: true });
      connection.client.dispatch(options, handler);
    });
  }

  return Object.freeze({
    async post(url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal) {
      if (signal.aborted) return { error: reasonOf(signal) };
      try {
        return await attempt(url, headers, body, signal);
      } catch (error) {
        return { error: errorOf(error) };
      }
    },
    close() {
      closed = true;
      free.length = 0;
      all.forEach(end);
    },
  });
}

/** What becomes of one request. */
class Handler implements Dispatcher.DispatchHandler {
  private readonly received = new AnswerBody();
  private readonly stale: boolean;
  private readonly settle: (posted: Posted, whole: boolean) => void;
  private head: (Omit<Posted, 'answer'> & { status: number; contentType: string | undefined }) | undefined;
  private interim = 0;
  private settled = false;

  constructor({ used }: Connection, settle: (posted: Posted, whole: boolean) => void) {
    this.stale = used;
    this.settle = settle;
  }

  onRequestStart(): void {}

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>, statusText?: string): void {
    if (status < 200) {
      if (++this.interim > maxInterim) this.fail('the answer is interim ones without end');
      return;
    }
    const [contentType, retryAfter, location] = [first(headers['content-type']), first(headers['retry-after']), first(headers.location)];
    this.head = { status, statusText, contentType, retryAfter, location };
  }

  onResponseData(_: unknown, part: Buffer): void {
    if (!this.received.add(part)) this.end(false);
  }

  onResponseEnd(): void {
    this.end(true);
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(messageOf(error));
  }

  /** An answer that had begun counts: what a receiver took is not sent again. */
  fail(error: string): void {
    if (this.head !== undefined) this.end(false);
    else this.once({ error, stale: this.stale }, false);
  }

  private end(complete: boolean): void {
    const { status, contentType, ...head } = this.head as NonNullable<typeof this.head>;
    this.once({ ...head, answer: this.received.answer(status, contentType, complete) }, complete);
  }

  private once(posted: Posted, whole: boolean): void {
    if (this.settled) return;
    this.settled = true;
    // undici reads on in this turn.
    queueMicrotask(() => this.settle(posted, whole));
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value;
}

/** Names that a program without undici has for it. */
function messageOf(error: Error): string {
  const code = errorOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'ETIMEDOUT';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'HPE_HEADER_OVERFLOW';
  if (code === 'UND_ERR_SOCKET') return 'ECONNRESET';
  if (error.name === 'HTTPParserError') return 'the answer is not HTTP/1.1';
  return code.startsWith('UND_') ? error.message : code;
}

function headersOf({ url, proxy }: Route, given: Readonly<Record<string, string>>): string[] {
  const own: [string, string | undefined][] = [
    ['host', url.host],
    ['authorization', basicOf(url)],
    ['proxy-authorization', proxy && basicOf(proxy)],
  ];
  const all = new Map<string, string>();
  for (const [name, value] of own) if (value !== undefined) all.set(name, value);
  for (const [name, value] of withoutOwn(given)) all.set(name.toLowerCase(), value);
  return [...all].flat();
}

/** The context is made once, until the options change: the authorities of a machine are some hundred certificates. */
function tlsConnect({ buildConnector: build }: Undici, now: () => ConnectionOptions): Connect {
  let current: ConnectionOptions | undefined;
  let connect: Connect;
  return (to, done) => {
    const latest = now();
    if (latest !== current) {
      connect = build({ ...latest, secureContext: createSecureContext(latest), timeout: connectMs } as buildConnector.BuildOptions);
      current = latest;
    }
    // By its endpoint, as in Go's client, and not by a configured Host header, as in undici.
    const { servername: _, ...rest } = to;
    connect(rest, done);
  };
}
