/** Attempts by `node:http`, for a service that sends all day: through proxies, with certificates that are read again. */
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { answered } from '../../../net/otlp-client/node-poster.ts';
import { errorOf, type Poster } from '../../../net/otlp-client/poster.ts';
import { type ConnectionSettings, createAgents } from './agents.ts';
import type { ProxyOf } from './proxy-of.ts';
import { createRoutes, headersOf, type Route } from './routes.ts';

export interface ServicePosterOptions extends ConnectionSettings {
  /** What it is at a new connection: another object where it has changed. */
  tls(): ConnectionOptions;
  readonly proxyOf: ProxyOf;
}

export function createServicePoster({ tls, proxyOf, ...settings }: ServicePosterOptions): Poster {
  const agents = createAgents(tls, settings);
  const routeTo = createRoutes(agents, proxyOf);
  /** Those of the last request are mostly those of the next one, too. */
  let route: Route | undefined;
  let written: { readonly of: object; readonly route: Route; readonly headers: readonly string[] } | undefined;

  return Object.freeze({
    async post(url: URL, given: Readonly<Record<string, string>>, body: Uint8Array, limit) {
      if (limit.ended !== undefined) return { error: limit.ended };
      try {
        const to = route?.url === url ? route : routeTo(url);
        route = to;
        if (written?.of !== given || written.route !== to) written = { of: given, route: to, headers: headersOf(to, given) };
        const { target, agent, path } = to;
        const { isSecure, hostname, port } = target;
        const headers = [...written.headers, 'content-length', String(body.length)];
        const request = (isSecure ? secureRequest : plainRequest)({ agent, method: 'POST', hostname, port, path, headers });
        return await answered(request, body, limit);
      } catch (error) {
        return { error: errorOf(error) };
      }
    },
    close: agents.close,
  } satisfies Poster);
}
