/** RunWisp's main listener: its health, and starting a task by hand. */
import { createHash, timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import type { RunwispConfig } from './config.ts';
import type { Supervisor } from './supervisor.ts';

/** Not listening yet, so that `/metrics` can be mounted beside these routes. */
export function createApi(
  config: RunwispConfig,
  supervisor: Supervisor,
  startedAt: number,
  log: (line: string) => void,
): FastifyInstance {
  const app = fastify({ trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false, forceCloseConnections: true });

  // No route reads a body, so none may be refused for its type before it was asked for its token.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  // Without the version: only who has turned the metrics on shows that.
  app.get('/health', async () => ({
    status: 'ok',
    uptimeSeconds: (Date.now() - startedAt) / 1_000,
    daemonMemoryBytes: process.memoryUsage.rss(),
  }));

  app.post<{ Params: { name: string } }>('/api/tasks/:name/run', async (request, reply) => {
    const { name } = request.params;
    const allowed = config.token !== undefined && matches(request.headers.authorization, config.token);
    const task = allowed ? config.tasks.find((one) => one.name === name && one.kind === 'task') : undefined;
    const run = task === undefined ? undefined : supervisor.start(task, 'api');
    const status = allowed ? (task === undefined ? 404 : run === undefined ? 503 : 202) : 401;
    // The address is the client's, also behind the proxies of RUNWISP_TRUST_PROXY.
    log(`${request.ip} POST /api/tasks/${JSON.stringify(name)}/run ${status}`);
    reply.code(status);
    if (!allowed) return reply.header('www-authenticate', 'Bearer').send({ error: 'a bearer token is needed' });
    if (task === undefined) return { error: 'no such task' };
    return run === undefined ? { error: 'the run database fails' } : { task: name, run };
  });

  return app;
}

/** Takes the same time for every wrong token: what is compared are digests. */
function matches(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
