import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, headersOf } from './answer.ts';
import type { Handler, Reply } from './exchange.ts';
import { inPieces } from './in-pieces.ts';
import { incomingFacts } from './incoming.ts';

/** What Fastify needs to see of a body to read it. */
const bodyHeaders = { 'content-type': undefined, 'content-length': undefined, 'transfer-encoding': undefined };

/** A request's body is not read, and no reason to refuse it. For an `onRequest` hook. */
export function ignoreBody(request: FastifyRequest): void {
  request.headers = bodyHeaders;
}

/** Nothing is sent as nothing: Fastify would give empty bytes a type. */
export function payloadOf({ body }: Reply, method: string): ReturnType<typeof inPieces> | undefined {
  return method === 'HEAD' || body.byteLength === 0 ? undefined : inPieces(body);
}

/**
 * Adds a handler to a Fastify app under one path, for every method: which ones are allowed is the handler's to say. No body is read, unless
 * the handler answers 404: then the request goes the way of one whose path does not exist, the app's body parsers (and their errors) and
 * its own 404 included, so that a hidden endpoint cannot be told from none. Give it an encapsulated instance (a plugin's). The app then
 * knows every method of Node's, as after `addHttpMethod`.
 */
export function addHandlerRoute(app: FastifyInstance, path: string, handler: Handler): void {
  const early = new WeakMap<FastifyRequest, Reply>();
  const ask = (request: FastifyRequest): Promise<Reply> => answer(handler, incomingFacts(request.raw, request.url));

  // A 404 passes over bodies of types that nobody parses; a route that is there would answer 415. A catch-all parser of the app's own is not
  // asked, since Fastify does not tell whether there is one.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  // Fastify would answer 404 to the methods that it does not know, whoever asks. CONNECT never comes as a request.
  for (const method of METHODS) if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  app.route({
    method: [...app.supportedMethods],
    url: path,
    exposeHeadRoute: false,
    async onRequest(request) {
      if (request.method === 'GET' || request.method === 'HEAD') return; // Fastify reads no body of theirs.
      const reply = await ask(request);
      early.set(request, reply);
      if (reply.status !== 404) ignoreBody(request);
    },
    handler: async (request, response) => {
      const reply = early.get(request) ?? (await ask(request));
      if (reply.status === 404) {
        response.callNotFound();
        return response;
      }
      if (reply.sent !== undefined) response.raw.once('close', reply.sent);
      return response.code(reply.status).headers(headersOf(reply, request.method)).send(payloadOf(reply, request.method));
    },
  });
}
