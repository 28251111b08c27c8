/** Reports the requests of an app to solti's API metrics. */
import type { FastifyInstance } from 'fastify';
import type { SoltiApi } from '../../instrumentation/solti/index.ts';

/** For the routes that are added to this app; others, such as `/metrics`, belong to another one. */
export function reportRequests(app: FastifyInstance, api: SoltiApi): void {
  app.addHook('onRequest', async (request, reply) => {
    api.requestStarted('http');
    // Also when the client has gone before its answer.
    reply.raw.once('close', () => {
      if (reply.raw.writableFinished) {
        api.requestCompleted('http', request.method, templateOf(request.routeOptions.url), reply.statusCode, reply.elapsedTime);
      }
      api.requestEnded('http');
    });
  });
}

/** As solti writes a route: `/tasks/{name}`. */
function templateOf(route = 'other'): string {
  return route.replace(/:(\w+)/g, '{$1}');
}
