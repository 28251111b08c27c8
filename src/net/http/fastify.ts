import { METHODS } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { answer, headersOf } from './answer.ts';
import type { Handler, Reply } from './exchange.ts';
import { type Admits, admittedOnly } from './fastify-admitted.ts';
import { inPieces } from './in-pieces.ts';
import { incomingFacts } from './incoming.ts';

/** Fastify rejects a QUERY without a type; a request without a type may be treated as this one (RFC 9110, section 8.3). */
const unread = { 'content-type': 'application/octet-stream' };

/**
 * Leaves a request's body unparsed, so that Fastify does not reject it. For an `onRequest` hook, where no parser handles that
 * type.
 */
export function ignoreBody(request: FastifyRequest): void {
  request.headers = unread;
}

/**
 * The body after the app's `preParsing` hooks, as the parser of these routes hands it over; the request's own where no body is
 * parsed.
 */
function bodyOf({ body, raw }: FastifyRequest): Readable {
  return body instanceof Readable ? body : raw;
}

/**
 * Sends an empty body without a type: Fastify would give empty bytes one. Releases of Fastify 4 send no `Uint8Array` but a
 * `Buffer`.
 */
export function payloadOf({ body }: Reply, method: string): Buffer | Readable | undefined {
  if (method === 'HEAD' || body.byteLength === 0) return undefined;
  const pieces = inPieces(body);
  return pieces instanceof Uint8Array ? Buffer.from(pieces.buffer, pieces.byteOffset, pieces.byteLength) : pieces;
}

/**
 * Adds a handler to a Fastify app under one path, for every method; only the handler decides which are allowed, and reads bodies.
 * Where it responds with 404, the app's own 404 is sent. For requests that `admits` turns away, the path does not exist. Pass an
 * encapsulated instance (a plugin's). An app of Fastify 5 then supports all of Node's methods, as after `addHttpMethod`; one of
 * Fastify 4 responds with 404 to those it does not know.
 */
export function addHandlerRoute(app: FastifyInstance, path: string, handler: Handler, admits?: Admits): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // Fastify responds with 404 to the methods that it does not support, for every client. CONNECT never arrives as a request.
  if (canAddMethods(app)) {
    for (const method of METHODS) if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  const options: RouteShorthandOptions = {
    exposeHeadRoute: false,
    ...(admits !== undefined && { constraints: admittedOnly(app, admits) }),
    onRequest(request, _reply, done) {
      ignoreBody(request);
      done();
    },
  };
  app.all(path, options, async (request, response) => {
    const reply = await answer(handler, incomingFacts(request.raw, request.url, bodyOf(request)));
    if (reply.status === 404) {
      response.callNotFound();
      return response;
    }
    if (reply.sent !== undefined) response.raw.once('close', reply.sent);
    return response.code(reply.status).headers(headersOf(reply, request.method)).send(payloadOf(reply, request.method));
  });
}

/** From Fastify 5 on; the methods of Fastify 4 are fixed. */
function canAddMethods(app: Partial<Pick<FastifyInstance, 'addHttpMethod'>>): boolean {
  return app.addHttpMethod !== undefined;
}
