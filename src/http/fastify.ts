import { METHODS } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, headersOf } from './answer.ts';
import type { Handler, Reply } from './exchange.ts';
import { type Admits, admittedOnly } from './fastify-admitted.ts';
import { inPieces } from './in-pieces.ts';
import { incomingFacts } from './incoming.ts';

/** Fastify refuses a QUERY without a type; a request without a type may be treated as this one (RFC 9110, section 8.3). */
const unread = { 'content-type': 'application/octet-stream' };

/** Leaves a request's body unparsed, so that Fastify does not refuse it. For an `onRequest` hook, where no parser handles that type. */
export function ignoreBody(request: FastifyRequest): void {
  request.headers = unread;
}

/** The body after the app's `preParsing` hooks, as the parser of these routes hands it over; the request's own where no body is parsed. */
function bodyOf({ body, raw }: FastifyRequest): Readable {
  return body instanceof Readable ? body : raw;
}

/** Sends an empty body without a type: Fastify would give empty bytes one. */
export function payloadOf({ body }: Reply, method: string): ReturnType<typeof inPieces> | undefined {
  return method === 'HEAD' || body.byteLength === 0 ? undefined : inPieces(body);
}

/**
 * Adds a handler to a Fastify app under one path, for every method; only the handler decides which are allowed, and reads bodies. Where it
 * answers 404, the app's own 404 does. For requests that `admits` turns away, the path does not exist. Pass an encapsulated instance (a
 * plugin's). The app then supports all of Node's methods, as after `addHttpMethod`.
 */
export function addHandlerRoute(app: FastifyInstance, path: string, handler: Handler, admits?: Admits): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // Fastify answers 404 to the methods that it does not support, for every client. CONNECT never arrives as a request.
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
