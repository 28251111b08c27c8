/** The main listener: the states of the tasks, and canceling one. */
import fastify, { type FastifyInstance } from 'fastify';
import { bearer, compileGate, type Secret } from '../../src/access.ts';
import type { Supervisor } from './supervisor.ts';

/** Not listening yet, so that `/metrics` can be mounted beside these routes. Without a token no request can cancel a task. */
export function createApi(token: Secret | undefined, supervisor: Supervisor): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  const decide = token === undefined ? undefined : compileGate(bearer(token));

  // No route reads a body, so none may be refused for its type before it was asked for its token.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.get('/tasks', async () => supervisor.tasks());

  app.post<{ Params: { name: string } }>('/tasks/:name/cancel', async (request, reply) => {
    const caller = { address: request.ip, authorization: request.headers.authorization };
    if (decide?.(caller).allowed !== true) {
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'a bearer token is needed' });
    }
    const { name } = request.params;
    if (!supervisor.tasks().some((task) => task.name === name)) return reply.code(404).send({ error: 'no such task' });
    if (!supervisor.cancel(name)) return reply.code(409).send({ error: 'the task has ended' });
    return reply.code(202).send({ task: name });
  });

  return app;
}
