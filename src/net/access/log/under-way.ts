/** The exchanges in progress on a connection, so that nothing is written between their bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const latest = new WeakMap<Duplex, Exchange>();

/** Call it for each request, in the order of arrival. */
export function follow(request: IncomingMessage, response: ServerResponse): void {
  latest.set(request.socket, { request, response });
}

/** The latest exchange of a connection, finished or not; undefined: none yet, or `follow` was not called. */
export function latestOn(socket: Duplex): Exchange | undefined {
  return latest.get(socket);
}
