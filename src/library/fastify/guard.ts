/** Access rules in front of the routes of an app. */
import type { IncomingMessage } from 'node:http';
import type { FastifyPluginAsync, onRequestHookHandler } from 'fastify';
import { publicFunctions } from '../../core/errors/caller.ts';
import { type Access, type AccessEvents, createGuard } from '../../net/access/guarded.ts';
import { replyFrom } from '../../net/access/refusal.ts';
import { headersOf } from '../../net/http/answer.ts';
import { payloadOf } from '../../net/http/fastify.ts';
import { beforeRouting } from '../../net/http/fastify-before-routing.ts';
import { incomingFacts } from '../../net/http/incoming.ts';
import { decodable } from '../../net/http/target.ts';
import { forWholeApp } from './whole-app.ts';

/**
 * A hook that protects the app's own routes with the same access rule: `app.addHook('onRequest', fastifyGuard(access))`.
 * `access.refusal` sets the response to a rejected request; for 404 it is the app's own.
 */
export function fastifyGuard(access: Access, events: AccessEvents = {}): onRequestHookHandler {
  const guard = createGuard(access, events);
  return guardHook(access, (request) => guard(incomingFacts(request)).allowed);
}

/**
 * A Fastify plugin that puts an access rule before all responses of the app, including those that Fastify sends before any hook:
 * to targets that it cannot decode (400) or that are too long (414). The app's hooks see a rejected request as one to `/`.
 */
export function fastifyGuardAll(access: Access, events: AccessEvents = {}): FastifyPluginAsync {
  const guard = createGuard(access, events);
  const decided = new WeakMap<IncomingMessage, boolean>();
  function allows(request: IncomingMessage): boolean {
    const allowed = decided.get(request) ?? guard(incomingFacts(request)).allowed;
    decided.set(request, allowed);
    return allowed;
  }
  return forWholeApp(async (app) => {
    beforeRouting(app, (request) => {
      if (!allows(request)) request.url = '/';
    });
    app.addHook('onRequest', guardHook(access, allows));
  });
}

/**
 * A Fastify plugin that lets requests whose target cannot be decoded (`/%zz`) reach the app's hooks and its 404, with each `%` of
 * the path read as itself. Without it, Fastify responds to them with 400, before any hook.
 */
export function fastifyAnyTarget(): FastifyPluginAsync {
  return forWholeApp(async (app) =>
    beforeRouting(app, (request) => {
      request.url = decodable(request.url ?? '/');
    }),
  );
}

function guardHook(access: Access, allows: (request: IncomingMessage) => boolean): onRequestHookHandler {
  const refusal = replyFrom(access.refusal);
  // Uses `done`, not a promise: without a call to `done` the request can never continue, however late the response is.
  return function meterbridgeGuard(request, reply, done) {
    if (allows(request.raw)) return done();
    if (refusal.status === 404) reply.callNotFound();
    else {
      reply.code(refusal.status).headers(headersOf(refusal, request.method));
      reply.send(payloadOf(refusal, request.method));
    }
  };
}

publicFunctions(fastifyGuard, fastifyGuardAll, fastifyAnyTarget);
