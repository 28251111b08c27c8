/**
 * How a request reaches its receiver through an HTTP proxy: an `http` URL in absolute form (RFC 9112, section 3.2.2), an `https`
 * one through a tunnel (RFC 9110, section 9.3.6).
 */
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { basicOf } from '../../../net/otlp-client/poster.ts';

/** Ends with the socket behind the proxy. @param authority host and port @param withinMs for all of it */
export function tunnel(proxy: URL, authority: string, withinMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = proxy.protocol === 'https:' ? secureRequest : plainRequest;
  const credentials = basicOf(proxy);
  const asked = request({
    method: 'CONNECT',
    hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port,
    path: authority,
    agent: false,
    headers: { host: authority, ...(credentials && { 'proxy-authorization': credentials }) },
    signal: AbortSignal.timeout(withinMs),
  });
  asked.on('connect', ({ statusCode = 0, statusMessage = '' }, socket, head) => {
    if (statusCode >= 200 && statusCode < 300 && head.length === 0) return resolve(socket as Socket);
    socket.destroy();
    reject(new Error(`the proxy responds with ${statusCode} ${statusMessage}`.trimEnd()));
  });
  asked.on('response', ({ statusCode, statusMessage }) => {
    asked.destroy();
    reject(new Error(`the proxy responds with ${statusCode} ${statusMessage}`.trimEnd()));
  });
  asked.on('error', reject);
  asked.end();
  return promise;
}
