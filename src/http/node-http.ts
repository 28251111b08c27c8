import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, headersOf } from './answer.ts';
import type { Handler } from './exchange.ts';
import { incomingFacts } from './incoming.ts';

/**
 * A handler as a listener of `node:http`: `createServer(nodeListener(handler))`. The listener never throws; a client that has
 * gone away gets nothing.
 */
export function nodeListener(handler: Handler): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void respond(handler, request, response).catch(() => response.destroy());
  };
}

async function respond(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await answer(handler, incomingFacts(request));
  if (response.destroyed) return;
  response.writeHead(reply.status, headersOf(reply, request.method ?? 'GET'));
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}
