import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answer, headersOf } from './answer.ts';
import type { Handler, Reply } from './exchange.ts';
import { inPieces } from './in-pieces.ts';
import { incomingFacts } from './incoming.ts';

type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A handler as a listener of `node:http`: `createServer(nodeListener(handler))`. The listener never throws; a client that has disconnected
 * gets nothing. `notFound` is the server's own 404: it answers where the handler returns 404, so that a client cannot distinguish a hidden
 * endpoint from a path that does not exist. Default: the handler's own 404.
 */
export function nodeListener(handler: Handler, notFound?: NodeListener): NodeListener {
  return (request, response) => {
    void respond(handler, notFound, request, response).catch(() => response.destroy());
  };
}

async function respond(
  handler: Handler,
  notFound: NodeListener | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = answer(handler, incomingFacts(request));
  // A reply that is ready is sent at once, as for a path that does not exist: before the connection's next bytes.
  const reply = 'then' in given ? await given : given;
  if (reply.status !== 404 || notFound === undefined || response.destroyed) return sendReply(request, response, reply);
  if (reply.sent !== undefined) response.once('close', reply.sent);
  notFound(request, response);
}

/** Sends a reply, and calls `sent` once it is sent or its client has disconnected. Rejects where the body could not be sent whole. */
export async function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const { sent } = reply;
  if (response.destroyed) return sent?.();
  if (sent !== undefined) response.once('close', sent);
  response.writeHead(reply.status, headersOf(reply, request.method ?? 'GET'));
  if (request.method === 'HEAD') return void response.end();
  const body = inPieces(reply.body);
  if (body instanceof Uint8Array) response.end(body);
  else await pipeline(body, response);
}
