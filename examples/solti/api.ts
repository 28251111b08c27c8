/** The main listener: the states of the tasks, starting and canceling one, and the programs that have announced themselves. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { SoltiApi } from '../../instrumentation/solti/index.ts';
import { bearer, compileGate, type Secret } from '../../src/access.ts';
import type { Agents } from './agents.ts';
import { reportRequests } from './api-metrics.ts';
import type { Supervisor } from './supervisor.ts';

export interface ApiParts {
  readonly metrics: SoltiApi;
  /** Without one no request can start or cancel a task. */
  readonly token: Secret | undefined;
  readonly supervisor: Supervisor;
  readonly agents: Agents;
}

/** An announcement is some hundred bytes. */
const BODY_BYTES = 16 * 1024;

/** Not listening yet, so that `/metrics` can be mounted beside these routes. */
export function createApi({ metrics, agents, ...parts }: ApiParts): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, bodyLimit: BODY_BYTES });
  app.register(async (api) => {
    reportRequests(api, metrics);
    addTasks(api, parts);
  });
  app.register(async (api) => {
    reportRequests(api, metrics);
    api.get('/agents', async () => agents.list());
    api.post('/api/v1/discovery/sync', async (request, reply) => {
      const answer = agents.announced(request.body);
      return (
        answer ??
        reply.code(400).send({ error: 'not an announcement: id, name, endpoint and heartbeatIntervalS are missing or wrong' })
      );
    });
  });
  return app;
}

function addTasks(api: FastifyInstance, { token, supervisor }: Pick<ApiParts, 'token' | 'supervisor'>): void {
  const decide = token === undefined ? undefined : compileGate(bearer(token));

  // No route reads a body, so none may be refused for its type before it was asked for its token.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', (_request, _payload, done) => done(null));

  api.get('/tasks', async () => supervisor.tasks());

  /** What a request with the token may do to a task; `refused` is said when the task does not allow it. */
  function addAction(name: string, act: (task: string) => boolean, refused: string): void {
    api.post<{ Params: { name: string } }>(`/tasks/:name/${name}`, async (request, reply) => {
      if (!isAllowed(request))
        return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'a bearer token is needed' });
      const { name: task } = request.params;
      if (!supervisor.tasks().some((known) => known.name === task)) return reply.code(404).send({ error: 'no such task' });
      return act(task) ? reply.code(202).send({ task }) : reply.code(409).send({ error: refused });
    });
  }

  function isAllowed({ ip: address, headers: { authorization } }: FastifyRequest): boolean {
    return decide?.({ address, authorization }).allowed === true;
  }

  addAction('cancel', supervisor.cancel, 'the task has ended');
  addAction('start', supervisor.submit, 'the task runs');
}
