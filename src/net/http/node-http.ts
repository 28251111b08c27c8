import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { publicFunctions } from '../../core/errors/caller.ts';
import { latin1 } from '../../core/node/latin1.ts';
import { answer, headersOf } from './answer.ts';
import { checkHandler } from './check-handler.ts';
import type { Handler, Reply } from './exchange.ts';
import { inPieces } from './in-pieces.ts';
import { incomingFacts } from './incoming.ts';

/** Up to here, copying a body costs less than a write of its own. */
const copiedBytes = 16 * 1024;

type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A handler as a listener of `node:http`: `createServer(nodeListener(handler))`. The listener never throws; a client that has
 * disconnected gets nothing.
 * `notFound` is the server's own 404: it responds where the handler returns 404, so that a client cannot distinguish a hidden
 * endpoint from a path that does not exist. Default: the handler's own 404.
 * @throws OPTION_INVALID
 */
export function nodeListener(handler: Handler, notFound?: NodeListener): NodeListener {
  checkHandler(handler, 'nodeListener()');
  if (notFound !== undefined) checkHandler(notFound, 'nodeListener() notFound');
  return (request, response) => {
    whenReady(response, answer(handler, incomingFacts(request)), (reply) => {
      if (reply.status !== 404 || notFound === undefined || response.destroyed) sendReply(request, response, reply);
      else {
        if (reply.sent !== undefined) response.once('close', reply.sent);
        notFound(request, response);
      }
    });
  };
}

/**
 * Hands a reply on, at once if it is ready: as for a path that does not exist, it then goes out before the connection's next
 * bytes. Whatever fails ends the connection.
 */
export function whenReady(response: ServerResponse, reply: Promise<Reply> | Reply, use: (reply: Reply) => void): void {
  if ('then' in reply) void reply.then(use).catch(() => response.destroy());
  else use(reply);
}

/**
 * Sends a reply, and calls `sent` once its body is not needed any more or its client has disconnected. Where the body cannot be
 * sent whole, the connection ends.
 */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { sent, body } = reply;
  if (response.destroyed) {
    sent?.();
    return;
  }
  if (reply.stream !== undefined && request.method !== 'HEAD') {
    sendStream(response, reply, reply.stream());
    return;
  }
  response.writeHead(reply.status, headersOf(reply, request.method ?? 'GET'));
  if (request.method === 'HEAD') {
    response.end();
    sent?.();
    return;
  }
  if (body.byteLength <= copiedBytes) {
    // One write for the head and the body: Node.js joins strings only. Latin-1 keeps each byte as it is.
    response.end(latin1(body), 'latin1');
    sent?.();
    return;
  }
  if (sent !== undefined) response.once('close', sent);
  const pieces = inPieces(body);
  if (pieces instanceof Uint8Array) response.end(pieces);
  else void pipeline(pieces, response).catch(() => response.destroy());
}

function sendStream(response: ServerResponse, { status, headers, sent }: Reply, pieces: AsyncIterable<Uint8Array>): void {
  if (sent !== undefined) response.once('close', sent);
  response.writeHead(status, headers);
  void pipeline(pieces, response).catch(() => response.destroy());
}

publicFunctions(nodeListener);
