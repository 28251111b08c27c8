/** The access log of a whole `node:http` server, including the responses that Node generates itself. */

import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { publicFunctions } from '../../../core/errors/caller.ts';
import { checkRequestLog, createRequestLog, type RequestLog, type WatchRequest } from './request-log.ts';
import { answerUnreadable } from './unreadable.ts';

/**
 * Node's diagnostics channel: it reports each request with a head, also one without a `Host`, or with an `Expect` to which Node
 * responds with 417.
 */
const channel = 'http.server.request.start';

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: object;
}

/** One subscription for all servers, which holds no reference to them. */
const watched = new WeakMap<object, WatchRequest>();
let subscribed = false;

/** Watches every request of a server, also those to which Node responds without calling a `request` listener. */
export function watchRequests<S extends Server>(server: S, watch: WatchRequest): S {
  watched.set(server, watch);
  if (!subscribed) {
    subscribed = true;
    subscribe(channel, (message) => {
      const { server, request, response } = message as Started;
      watched.get(server)?.(request, response);
    });
  }
  return server.prependListener('request', watch);
}

/**
 * Logs every response of a `node:http` server: `logRequests(createServer(…))`. An unreadable request has a line too, with `-` for
 * method and path;
 * `logRequests` responds to it, unless the server has another listener for `clientError`.
 */
export function logRequests<S extends Server>(server: S, log: RequestLog = {}): S {
  checkRequestLog(log, 'logRequests()');
  const refuse = answerUnreadable(log);
  server.on('clientError', (error, socket) => {
    if (server.listenerCount('clientError') === 1) refuse(error, socket);
  });
  return watchRequests(server, createRequestLog(log));
}

publicFunctions(logRequests);
