/**
 * crewshipd's main listener: its health, and behind the internal token the queue, the containers, and a WebSocket that reports
 * events.
 */

import { randomBytes } from 'node:crypto';
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import { bearer, type Secret, secret, unauthorized } from '../../src/access.ts';
import { fastifyGuard } from '../../src/fastify.ts';
import type { Containers } from './containers.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Store, Task } from './store.ts';

const object = (required: readonly string[], properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const task = object(['crew', 'prompt'], {
  crew: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' },
  prompt: { type: 'string', maxLength: 20_000 },
  maxTokens: { type: 'integer', minimum: 1, maximum: 100_000, default: 16 },
  timeoutMs: { type: 'integer', minimum: 1, maximum: 600_000, default: 30_000 },
});
const pipeline = object(['steps'], {
  steps: { type: 'array', minItems: 1, maxItems: 20, items: task },
  dryRun: { type: 'boolean', default: false },
});
const byId = { schema: { params: object(['id'], { id: { type: 'integer' } }) } };
type ById = { Params: { id: number } };
/** Clients send nothing. */
const WEBSOCKET_AT_MOST_BYTES = 1_024;

/** Not listening yet, so that `/metrics` can be mounted beside these routes. */
export async function createApi(token: Secret | undefined, store: Store, dispatcher: Dispatcher, containers: Containers) {
  const app = fastify({ forceCloseConnections: true });
  await app.register(websocket, { options: { maxPayload: WEBSOCKET_AT_MOST_BYTES } });
  app.get('/healthz', async () => ({ status: 'ok', service: 'crewshipd', uptimeSeconds: process.uptime() }));

  // Without a token the API uses a random one, so no request passes.
  const known = token ?? secret(randomBytes(32).toString('hex'));
  await app.register(
    async (api) => {
      api.addHook('onRequest', fastifyGuard({ gate: bearer(known), refusal: unauthorized() }));
      api.post<{ Body: Task }>('/assignments', { schema: { body: task } }, async ({ body }, reply) => {
        const id = store.queue(body);
        dispatcher.pump();
        return reply.code(202).send({ id });
      });
      api.delete<ById>('/assignments/:id', byId, async ({ params: { id } }, reply) =>
        reply.code(dispatcher.cancel(id) ? 202 : 404).send({ id }),
      );
      api.post<{ Body: { steps: Task[]; dryRun: boolean } }>(
        '/pipelines',
        { schema: { body: pipeline } },
        async ({ body }, reply) => {
          const id = store.runPipeline(body.steps, body.dryRun);
          dispatcher.pump();
          return reply.code(202).send({ id });
        },
      );
      for (const [path, table] of [['assignments', 'assignments'] as const, ['pipelines', 'pipeline_runs'] as const]) {
        api.get<ById>(`/${path}/:id`, byId, async ({ params: { id } }, reply) => {
          const status = store.status(table, id);
          return status === undefined ? reply.code(404).send({ error: 'no such id' }) : { id, status };
        });
      }
      api.get('/containers', async () => containers.list());
      api.get('/events', { websocket: true }, (socket) => {
        // A client that disconnects within a message is no error of the daemon.
        socket.on('error', () => socket.terminate());
      });
    },
    { prefix: '/api/v1/internal' },
  );
  return app;
}
