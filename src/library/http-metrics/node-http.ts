/** Servers of `node:http`: one listener, one server, or every server of the process. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteOf, Tracker } from './tracker.ts';

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface NodeServerLike {
  prependListener(event: 'request', listener: NodeListener): unknown;
  off(event: 'request', listener: NodeListener): unknown;
}

export function wrapListener(tracker: Tracker, listener: NodeListener, routeOf?: RouteOf): NodeListener {
  return function measured(this: unknown, request, response) {
    tracker.follow(request, response, routeOf);
    return listener.call(this, request, response);
  };
}

export function watchServer(tracker: Tracker, server: NodeServerLike, routeOf?: RouteOf): () => void {
  const listener: NodeListener = (request, response) => tracker.follow(request, response, routeOf);
  server.prependListener('request', listener);
  return () => void server.off('request', listener);
}

/** Node.js's own channel; HTTP/2 has none. */
const channel = 'http.server.request.start';

/** What to say where the runtime's servers announce no request there; undefined: they do. */
export function unannounced({ bun }: NodeJS.Dict<string> = process.versions): string | undefined {
  if (bun === undefined) return undefined;
  const fix = "measure each server: the framework's own line, http.listener() or http.watch()";
  return `httpServerMetrics.everyServer: Bun ${bun} announces no requests of node:http servers, so that none is counted. Fix: ${fix}`;
}

export function watchEveryServer(tracker: Tracker, routeOf?: RouteOf): () => void {
  function started(message: unknown): void {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    tracker.follow(request, response, routeOf);
  }
  subscribe(channel, started);
  return () => void unsubscribe(channel, started);
}
