/** The control plane's HTTP API: the inventory, and jobs by hand. Everything but `/health` is behind its token. */
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { type Gate, unauthorized } from '../../src/access.ts';
import { fastifyGuard } from '../../src/fastify.ts';
import type { FleetStore } from './fleet-store.ts';
import { type AskedKind, askedKinds, type Jobs } from './jobs.ts';

type ById = { Params: { id: string } };
type ByKind = { Params: { id: string; kind: AskedKind } };
type Named = { Body: { name: string } };

/** Far above any request of this API, in bytes. */
const BODY_LIMIT = 16_384;
const name = { type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]{1,64}$' };
const named = { schema: { body: { type: 'object', required: ['name'], properties: { name } } } };
const announced = {
  schema: {
    body: { type: 'object', required: ['name', 'folder'], properties: { name, folder: { type: 'string', pattern: '^/' } } },
  },
};
const ofKind = { schema: { params: { type: 'object', properties: { kind: { enum: askedKinds } } } } };

/** Not listening yet, so that `/metrics` can be mounted beside these routes. Without a gate there is nothing but `/health`. */
export function createApi(gate: Gate | undefined, store: FleetStore, jobs: Jobs): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });

  function answer(reply: FastifyReply, found: boolean, status = 200): FastifyReply {
    return reply.code(found ? status : 404).send(found ? { ok: true } : { error: 'no such host' });
  }

  function ask(reply: FastifyReply, id: string, kind: AskedKind): FastifyReply {
    const enrolled = store.host(id)?.enrolled === 1;
    if (enrolled) jobs.ask(id, kind);
    return answer(reply, enrolled, 202);
  }

  const routes = (gate: Gate) => async (api: FastifyInstance) => {
    api.addHook('onRequest', fastifyGuard({ gate, refusal: unauthorized() }));
    api.get('/', async () => store.hosts());
    api.post<{ Body: { name: string; folder: string } }>('/', announced, async ({ body }, reply) =>
      reply.code(201).send({ id: store.announce({ ...body, repo: undefined }) }),
    );
    api.post<ById>('/:id/enroll', async ({ params: { id } }, reply) => {
      store.enroll(id);
      return ask(reply, id, 'backup');
    });
    api.patch<ById & Named>('/:id', named, async ({ params: { id }, body }, reply) => answer(reply, store.rename(id, body.name)));
    api.delete<ById>('/:id', async ({ params: { id } }, reply) => {
      jobs.cancel(id);
      return answer(reply, store.remove(id));
    });
    api.post<ByKind>('/:id/jobs/:kind', ofKind, async ({ params: { id, kind } }, reply) => ask(reply, id, kind));
  };

  app.get('/health', async () => ({ status: 'ok' }));
  if (gate !== undefined) app.register(routes(gate), { prefix: '/api/hosts' });
  return app;
}
