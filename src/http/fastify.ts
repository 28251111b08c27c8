import type { FastifyInstance } from 'fastify';
import { answer, headersOf } from './answer.ts';
import type { Handler } from './exchange.ts';
import { incomingFacts } from './incoming.ts';

/**
 * Adds a handler to a Fastify app under one path, for every method: which ones are allowed is the handler's to say. Where the
 * handler answers 404, the app's own 404 answers, so that a hidden endpoint cannot be told from a path that does not exist.
 * Give it an encapsulated instance (a plugin's): it takes the body parsers away, since no body is ever read.
 */
export function addHandlerRoute(app: FastifyInstance, path: string, handler: Handler): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.route({
    method: [...app.supportedMethods],
    url: path,
    exposeHeadRoute: false,
    handler: async (request, response) => {
      const reply = await answer(handler, incomingFacts(request.raw, request.url));
      if (reply.status === 404) {
        response.callNotFound();
        return response;
      }
      return response
        .code(reply.status)
        .headers(headersOf(reply, request.method))
        .send(request.method === 'HEAD' ? undefined : reply.body);
    },
  });
}
