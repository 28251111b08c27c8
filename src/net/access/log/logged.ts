import { publicFunctions } from '../../../core/errors/caller.ts';
import { answer } from '../../http/answer.ts';
import { checkHandler } from '../../http/check-handler.ts';
import type { Handler, Reply } from '../../http/exchange.ts';
import { tenantOf } from '../guarded.ts';
import { answeredLine, receivedLine } from './log-line.ts';
import { newRequestId, requestIdHeader } from './request-id.ts';
import { checkRequestLog, isWatched, type RequestLog, writer } from './request-log.ts';

/**
 * A handler whose requests have ids and lines in the access log: for a single endpoint, and where there is no `node:http` server.
 * For a whole server use
 * `logRequests`, for a Fastify app `fastifyRequestLog`; those also log the responses of other handlers. A request that one of
 * them watches has that one line only.
 */
export function logged(handler: Handler, log: RequestLog = {}): Handler {
  checkHandler(handler, 'logged()');
  checkRequestLog(log, 'logged()');
  const { write, clock } = writer(log);
  return function loggedHandler(request) {
    if (isWatched(request.source)) return handler(request);
    const { method, path } = request;
    const id = newRequestId();
    const startedAt = performance.now();
    if (log.verbose === true) write(receivedLine(id, method, request.query.size === 0 ? path : `${path}?${request.query}`));
    const given = answer(handler, request);
    return 'then' in given ? given.then(withId) : withId(given);

    function withId(reply: Reply): Reply {
      const durationMs = performance.now() - startedAt;
      write(
        answeredLine(clock(), {
          id,
          method,
          path,
          status: reply.status,
          durationMs,
          tenant: tenantOf(request.source ?? request),
        }),
      );
      return { ...reply, headers: { ...reply.headers, [requestIdHeader]: id } };
    }
  };
}

publicFunctions(logged);
