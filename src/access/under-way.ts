/** What a connection is answering, so that nothing is written in between. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const latest = new WeakMap<Duplex, Exchange>();

/** Call it for each request, in their order. */
export function follow(request: IncomingMessage, response: ServerResponse): void {
  latest.set(request.socket, { request, response });
}

/** The latest exchange of a connection, over or not; undefined: there was none, or no call of `follow`. */
export function latestOn(socket: Duplex): Exchange | undefined {
  return latest.get(socket);
}
