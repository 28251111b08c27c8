/** The agent's API: sessions, their files, and executions. Every request here has passed the gate. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WasmrunRecorder } from '../../instrumentation/wasmrun/index.ts';
import { tenantOf } from '../../src/access.ts';
import type { WasmrunConfig } from './config.ts';
import type { Executor } from './executor.ts';
import { createRates } from './rate.ts';
import type { Session, Sessions } from './sessions.ts';

const DEFAULT_EXEC_TIMEOUT_S = 30;
const MOST_EXEC_TIMEOUT_S = 3_600;
const TOO_LARGE = 413;
/** Plain names: a session's files are in one folder, and nothing leads out of it. */
const fileName = { type: 'string', pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$' } as const;
const timeout = { type: 'number', exclusiveMinimum: 0, maximum: MOST_EXEC_TIMEOUT_S, default: DEFAULT_EXEC_TIMEOUT_S };

const body = (required: readonly string[], properties: object) => ({
  schema: { body: { type: 'object', required, properties } },
});
const file = body(['path', 'content'], { path: fileName, content: { type: 'string' } });
const execution = body(['wasm_path'], { wasm_path: fileName, timeout });

type ById = { Params: { id: string } };
type File = ById & { Body: { path: string; content: string; encoding: 'utf8' | 'base64' } };
type Execution = ById & { Body: { wasm_path: string; timeout: number } };

/** Answered as such. */
function failure(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

/** A Fastify plugin, to be registered below `/api/v1`. */
export function createApi(config: WasmrunConfig, sessions: Sessions, executor: Executor, recorder: WasmrunRecorder) {
  const mayAsk = createRates(config.rates, () => performance.now());

  function sessionOf({ params, raw }: FastifyRequest<ById>): Session {
    const session = sessions.use(params.id, tenantOf(raw));
    if (session === undefined) throw failure(404, 'no such session');
    if (session === 'expired') throw failure(410, 'the session has expired');
    return session;
  }

  return async function api(app: FastifyInstance): Promise<void> {
    app.addHook('onRequest', async ({ raw }) => {
      if (mayAsk(tenantOf(raw))) return;
      recorder.rejected('rate');
      throw failure(429, 'too many requests');
    });
    app.setErrorHandler(({ statusCode: code = 500, message }: { statusCode?: number; message: string }, _request, reply) => {
      if (code === TOO_LARGE) recorder.rejected('payload');
      const answer = code === TOO_LARGE ? 'the body is too large' : message;
      return reply.code(code).send({ error: code < 500 ? answer : 'internal error', code });
    });

    app.post('/sessions', async ({ raw }) => {
      const session = await sessions.create(tenantOf(raw));
      if (session === undefined) throw failure(429, 'too many sessions');
      recorder.sessionCreated();
      return { session_id: session.id, created_at: new Date(session.createdAt).toISOString() };
    });

    app.delete<ById>('/sessions/:id', async (request) => {
      const session = sessionOf(request);
      await sessions.destroy(session);
      return { message: `Session ${session.id} destroyed` };
    });

    app.post<File>('/sessions/:id/files', file, async (request) => {
      const { folder } = sessionOf(request);
      const { path, content, encoding } = request.body;
      await writeFile(join(folder, path), content, encoding);
      return { message: `Written: ${path}` };
    });

    app.post<Execution>('/sessions/:id/exec', execution, async (request) => {
      const { folder } = sessionOf(request);
      if (executor.inFlight() >= config.maxConcurrentExec) {
        recorder.rejected('concurrency');
        throw failure(429, 'too many executions at once');
      }
      const { memoryCapPages, maxOutputBytes } = config;
      const { wasm_path, timeout } = request.body;
      const data = { file: join(folder, wasm_path), memoryCapPages, maxOutputBytes };
      const { result, exitCode, durationMs, ...ended } = await executor.run(data, timeout * 1_000);
      recorder.executed(result, durationMs);
      if (ended.truncated) recorder.outputTruncated();
      return { ...ended, exit_code: exitCode, duration_ms: Math.round(durationMs) };
    });
  };
}
