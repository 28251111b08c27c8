import { METHODS } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, headersOf } from './answer.ts';
import type { Handler, Reply } from './exchange.ts';
import { type Admits, admittedOnly } from './fastify-admitted.ts';
import { inPieces } from './in-pieces.ts';
import { incomingFacts } from './incoming.ts';

/** Fastify refuses a QUERY without a type; an unknown type is what it may be taken for (RFC 9110, section 8.3). */
const unread = { 'content-type': 'application/octet-stream' };

/** A request's body is not parsed, and no reason to refuse it. For an `onRequest` hook, where nobody parses that type. */
export function ignoreBody(request: FastifyRequest): void {
  request.headers = unread;
}

/** What the app's `preParsing` hooks made of the body, as the parser of these routes hands it over; the request's own where none is parsed. */
function bodyOf({ body, raw }: FastifyRequest): Readable {
  return body instanceof Readable ? body : raw;
}

/** Nothing is sent as nothing: Fastify would give empty bytes a type. */
export function payloadOf({ body }: Reply, method: string): ReturnType<typeof inPieces> | undefined {
  return method === 'HEAD' || body.byteLength === 0 ? undefined : inPieces(body);
}

/**
 * Adds a handler to a Fastify app under one path, for every method: which ones are allowed is the handler's to say. Nobody but the handler
 * reads a body. Where it answers 404, the app's own 404 does. For requests that `admits` turns away, the path does not exist. Give it an
 * encapsulated instance (a plugin's). The app then knows every method of Node's, as after `addHttpMethod`.
 */
export function addHandlerRoute(app: FastifyInstance, path: string, handler: Handler, admits?: Admits): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // Fastify would answer 404 to the methods that it does not know, whoever asks. CONNECT never comes as a request.
  for (const method of METHODS) if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  app.route({
    method: [...app.supportedMethods],
    url: path,
    exposeHeadRoute: false,
    ...(admits !== undefined && { constraints: admittedOnly(app, admits) }),
    onRequest(request, _reply, done) {
      ignoreBody(request);
      done();
    },
    async handler(request, response) {
      const reply = await answer(handler, incomingFacts(request.raw, request.url, bodyOf(request)));
      if (reply.status === 404) {
        response.callNotFound();
        return response;
      }
      if (reply.sent !== undefined) response.raw.once('close', reply.sent);
      return response.code(reply.status).headers(headersOf(reply, request.method)).send(payloadOf(reply, request.method));
    },
  });
}
