import type { FastifyPluginAsync } from 'fastify';
import { publicFunctions } from '../../core/errors/caller.ts';
import { checkRequestLog, createRequestLog, type RequestLog } from '../../net/access/log/request-log.ts';
import { watchRequests } from '../../net/access/log/server-log.ts';
import { answerUnreadable } from '../../net/access/log/unreadable.ts';
import { uncalled } from '../../net/http/check-fastify.ts';
import { targetAsSent } from '../../net/http/fastify-before-routing.ts';
import { forWholeApp } from './whole-app.ts';

/**
 * A Fastify plugin that gives every response an `X-Request-Id` and every request a line in the access log. This includes errors,
 * unknown paths, and what Node.js or Fastify responds to before any hook (400, 408, 417, 431). Register it first. Meterbridge
 * responds to unreadable requests; they have no line if the app has its own `clientErrorHandler`.
 */
export function fastifyRequestLog(log: RequestLog = {}): FastifyPluginAsync {
  const misused = uncalled(log, 'fastifyRequestLog', 'app.register(fastifyRequestLog())');
  if (misused !== undefined) return misused as never;
  checkRequestLog(log, 'fastifyRequestLog()');
  const watch = createRequestLog(log);
  return forWholeApp(async (app) => {
    watchRequests(app.server, watch);
    for (const listener of app.server.listeners('clientError')) {
      if (listener.name !== 'bound defaultClientErrorHandler') continue;
      app.server.off('clientError', listener as () => void).on('clientError', answerUnreadable(log));
    }
    // For `inject`, which has no server, for the second server of `localhost`, and for upgrades.
    app.addHook('onRequest', (request, reply, done) => {
      watch(request.raw, reply.raw, targetAsSent(request.raw));
      done();
    });
  });
}

publicFunctions(fastifyRequestLog);
