/** How a URL is reached: directly, by way of an HTTP proxy, or through a tunnel in one. */
import type { Agent } from 'node:http';
import { basicOf, withoutOwn } from '../../../net/otlp-client/poster.ts';
import type { Agents } from './agents.ts';
import type { ProxyOf } from './proxy-of.ts';

export interface Route {
  readonly url: URL;
  /** What the connection goes to. Read once: a URL works its parts out at each reading. */
  readonly target: { readonly isSecure: boolean; readonly hostname: string; readonly port: string };
  /** The request target: a proxy needs the whole URL. */
  readonly path: string;
  /** Undefined: none reads the request. */
  readonly proxy: URL | undefined;
  readonly agent: Agent;
}

export function createRoutes({ plain, secure, tunnelled }: Agents, proxyOf: ProxyOf): (url: URL) => Route {
  const direct = (target: URL) => ({ target: targetOf(target), agent: target.protocol === 'https:' ? secure : plain });
  return (url) => {
    const proxy = proxyOf(url);
    const path = `${url.pathname}${url.search}`;
    if (proxy === undefined) return { url, path, proxy, ...direct(url) };
    if (url.protocol === 'http:') return { url, path: url.origin + path, proxy, ...direct(proxy) };
    return { url, target: targetOf(url), path, proxy: undefined, agent: tunnelled(proxy) };
  };
}

function targetOf({ protocol, hostname, port }: URL): Route['target'] {
  return { isSecure: protocol === 'https:', hostname: hostname.replace(/^\[|\]$/g, ''), port };
}

/** Names, in lower case, and values in turn: `node:http` writes these as they are, and would make a record of an object's. */
export function headersOf({ url, proxy }: Route, given: Readonly<Record<string, string>>): readonly string[] {
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
