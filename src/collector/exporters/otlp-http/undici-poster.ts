/** Attempts by undici, for a service that sends all day. */
import type { ConnectionOptions } from 'node:tls';
import { loadPackage } from '../../../node/optional-packages.ts';
import type { Limit } from '../../../push/otlp-http/limit.ts';
import { errorOf, type Posted, type Poster } from '../../../push/otlp-http/poster.ts';
import { type ConnectionSettings, createConnections } from './connections.ts';
import type { ProxyOf } from './proxy-of.ts';
import { ResponseHandler } from './response-handler.ts';
import { createRoutes, headersOf, type Route } from './routes.ts';

export interface UndiciOptions extends ConnectionSettings {
  /** What it is at a new connection: another object where it has changed. */
  tls(): ConnectionOptions;
  readonly proxyOf: ProxyOf;
}

type Undici = typeof import('undici');

/** undici is an optional dependency, which the exporter's schema requires. */
export function createUndiciPoster({ tls, keepAlive, proxyOf, ...settings }: UndiciOptions): Poster {
  const { Client, buildConnector } = loadPackage<Undici>('undici');
  const routeTo = createRoutes(buildConnector, tls, proxyOf);
  const connections = createConnections(Client, { keepAlive, ...settings });
  /** Those of the last request are mostly those of the next one, too. */
  let route: Route | undefined;
  let written: { readonly of: object; readonly route: Route; readonly lines: string[] } | undefined;

  function attempt(url: URL, given: Readonly<Record<string, string>>, body: Uint8Array, limit: Limit): Promise<Posted> {
    const to = route?.url === url ? route : routeTo(url);
    route = to;
    if (written?.of !== given || written.route !== to) written = { of: given, route: to, lines: headersOf(to, given) };
    const connection = connections.take(to);
    const request = { method: 'POST', path: to.path, headers: written.lines, body, reset: !keepAlive } as const;
    return new Promise((resolve) => {
      function settle(posted: Posted, whole: boolean): void {
        limit.onEnd = undefined;
        resolve(posted);
        if (whole) connections.release(connection);
        else connections.end(connection);
      }
      const handler = new ResponseHandler(connection.used, settle);
      limit.onEnd = () => handler.fail(limit.ended as string);
      connection.client.dispatch(request, handler);
    });
  }

  return Object.freeze({
    async post(url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array, limit: Limit) {
      if (limit.ended !== undefined) return { error: limit.ended };
      try {
        return await attempt(url, headers, body, limit);
      } catch (error) {
        return { error: errorOf(error) };
      }
    },
    close: connections.close,
  });
}
