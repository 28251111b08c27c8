/** How a URL is reached: directly, by way of an HTTP proxy, or through a tunnel in one. */
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import { basicOf, withoutOwn } from '../../../push/otlp-http/poster.ts';
import type { ProxyOf } from './proxy-of.ts';
import { tunnel } from './tunnel.ts';

type Connect = buildConnector.connector;

/** As Go's client. */
const connectMs = 30_000;

export interface Route {
  readonly url: URL;
  /** Of what the connection goes to. */
  readonly origin: string;
  /** The request target: a proxy needs the whole URL. */
  readonly path: string;
  /** Undefined: none reads the request. */
  readonly proxy: URL | undefined;
  readonly connect: Connect;
}

/** @param tls what it is at a new connection: another object where it has changed */
export function createRoutes(build: typeof buildConnector, tls: () => ConnectionOptions, proxyOf: ProxyOf): (url: URL) => Route {
  const connectPlain = build({ timeout: connectMs });
  const connectTls = tlsConnect(build, tls);
  return (url) => {
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
  };
}

/** Names and values by turns. */
export function headersOf({ url, proxy }: Route, given: Readonly<Record<string, string>>): string[] {
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
function tlsConnect(build: typeof buildConnector, now: () => ConnectionOptions): Connect {
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
