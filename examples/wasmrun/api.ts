/** The agent's API: sessions, their files, and executions. Whoever gets here has come through the gate. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WasmrunRecorder } from '../../instrumentation/wasmrun/index.ts';
import { tenantOf } from '../../src/access.ts';
import type { WasmrunConfig } from './config.ts';
import type { Executor } from './executor.ts';
import type { MayAsk } from './rate.ts';
import type { Session, Sessions } from './sessions.ts';

export interface ApiOptions {
  readonly config: WasmrunConfig;
  readonly sessions: Sessions;
  readonly executor: Executor;
  readonly recorder: WasmrunRecorder;
  readonly mayAsk: MayAsk;
}

const DEFAULT_EXEC_TIMEOUT_S = 30;
const MOST_EXEC_TIMEOUT_S = 3_600;
/** Plain names: a session's files are in one folder, and nothing leads out of it. */
const fileName = { type: 'string', pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$' } as const;

const fileBody = { type: 'object', required: ['path', 'content'], properties: { path: fileName, content: { type: 'string' } } } as const;
const execBody = {
  type: 'object',
  required: ['wasm_path'],
  properties: {
    wasm_path: fileName,
    timeout: { type: 'number', exclusiveMinimum: 0, maximum: MOST_EXEC_TIMEOUT_S, default: DEFAULT_EXEC_TIMEOUT_S },
  },
} as const;

interface Failure {
  readonly code: number;
  readonly error: string;
}

const failures = {
  none: { code: 404, error: 'no such session' },
  expired: { code: 410, error: 'the session has expired' },
  sessions: { code: 429, error: 'too many sessions' },
  concurrency: { code: 429, error: 'too many executions at once' },
  rate: { code: 429, error: 'too many requests' },
  payload: { code: 413, error: 'the body is too large' },
} as const satisfies Record<string, Failure>;

function fail(reply: FastifyReply, { code, error }: Failure): FastifyReply {
  return reply.code(code).send({ error, code });
}

/** A Fastify plugin, to be registered below `/api/v1`. */
export function createApi({ config, sessions, executor, recorder, mayAsk }: ApiOptions) {
  return async function api(app: FastifyInstance): Promise<void> {
    app.addHook('onRequest', async (request, reply) => {
      if (mayAsk(tenantOf(request.raw))) return;
      recorder.rejected('rate');
      return fail(reply, failures.rate);
    });
    app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
      const { statusCode: code = 500, message } = error;
      if (code !== failures.payload.code) return fail(reply, { code, error: code < 500 ? message : 'internal error' });
      recorder.rejected('payload');
      return fail(reply, failures.payload);
    });

    app.post('/sessions', async (request, reply) => {
      const session = await sessions.create(tenantOf(request.raw));
      if (session === undefined) return fail(reply, failures.sessions);
      recorder.sessionCreated();
      return { session_id: session.id, created_at: new Date(session.createdAt).toISOString() };
    });

    app.delete<{ Params: { id: string } }>('/sessions/:id', (request, reply) =>
      inSession(request, reply, async (session) => {
        await sessions.destroy(session);
        return { message: `Session ${session.id} destroyed` };
      }),
    );

    app.post<{ Params: { id: string }; Body: { path: string; content: string; encoding: 'utf8' | 'base64' } }>(
      '/sessions/:id/files',
      { schema: { body: fileBody } },
      (request, reply) =>
        inSession(request, reply, async ({ folder }) => {
          const { path, content, encoding } = request.body;
          await writeFile(join(folder, path), content, encoding);
          return { message: `Written: ${path}` };
        }),
    );

    app.post<{ Params: { id: string }; Body: { wasm_path: string; timeout: number } }>(
      '/sessions/:id/exec',
      { schema: { body: execBody } },
      (request, reply) =>
        inSession(request, reply, async ({ folder }) => {
          if (executor.inFlight() >= config.maxConcurrentExec) {
            recorder.rejected('concurrency');
            return fail(reply, failures.concurrency);
          }
          const { memoryCapPages, maxOutputBytes } = config;
          const file = join(folder, request.body.wasm_path);
          const { result, durationMs, truncated, ...ended } = await executor.run(
            { file, memoryCapPages, maxOutputBytes },
            request.body.timeout * 1_000,
          );
          recorder.executed(result, durationMs);
          if (truncated) recorder.outputTruncated();
          const { stdout, stderr, exitCode, error } = ended;
          return { stdout, stderr, exit_code: exitCode, duration_ms: Math.round(durationMs), truncated, error };
        }),
    );

    async function inSession(
      request: FastifyRequest<{ Params: { id: string } }>,
      reply: FastifyReply,
      work: (session: Session) => Promise<object>,
    ) {
      const session = sessions.use(request.params.id, tenantOf(request.raw));
      if (session === undefined) return fail(reply, failures.none);
      return session === 'expired' ? fail(reply, failures.expired) : work(session);
    }
  };
}
