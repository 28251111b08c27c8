/** How a URL is reached: directly, by way of an HTTP proxy, or through a tunnel in one. */
import type { Agent } from 'node:http';
import { basicOf, withoutOwn } from '../../../push/otlp-http/poster.ts';
import type { Agents } from './agents.ts';
import type { ProxyOf } from './proxy-of.ts';

export interface Route {
  readonly url: URL;
  /** What the connection goes to. */
  readonly target: URL;
  /** The request target: a proxy needs the whole URL. */
  readonly path: string;
  /** Undefined: none reads the request. */
  readonly proxy: URL | undefined;
  readonly agent: Agent;
}

export function createRoutes({ plain, secure, tunnelled }: Agents, proxyOf: ProxyOf): (url: URL) => Route {
  const direct = (target: URL) => (target.protocol === 'https:' ? secure : plain);
  return (url) => {
    const proxy = proxyOf(url);
    const path = `${url.pathname}${url.search}`;
    if (proxy === undefined) return { url, target: url, path, proxy, agent: direct(url) };
    if (url.protocol === 'http:') return { url, target: proxy, path: url.origin + path, proxy, agent: direct(proxy) };
    return { url, target: url, path, proxy: undefined, agent: tunnelled(proxy) };
  };
}

/** By their names in lower case. */
export function headersOf({ url, proxy }: Route, given: Readonly<Record<string, string>>): Record<string, string> {
  const own: [string, string | undefined][] = [
    ['host', url.host],
    ['authorization', basicOf(url)],
    ['proxy-authorization', proxy && basicOf(proxy)],
  ];
  const all = new Map<string, string>();
  for (const [name, value] of own) if (value !== undefined) all.set(name, value);
  for (const [name, value] of withoutOwn(given)) all.set(name.toLowerCase(), value);
  return Object.fromEntries(all);
}
