/** The agent's metrics: `GET /api/v1/metrics`, as an exposition or as JSON, and the gate before all of the agent's routes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  type Access,
  type AccessEvents,
  type ApiKey,
  apiKeys,
  guarded,
  jsonError,
  logged,
  open,
  type RequestLog,
} from '../../src/access.ts';
import { fastifyAnyTarget, fastifyGuardAll, fastifyMetrics, fastifyRequestLog } from '../../src/fastify.ts';
import { collectProblems, fromCaller, publicFunctions, replyFrom, routed, withFormats } from '../../src/host.ts';
import { type Bridge, type Handler, type ListenOptions, MeterbridgeError, type Problem, type Reply } from '../../src/index.ts';
import { wasmrun } from './contract.ts';
import type { WasmrunProbes, WasmrunRecorder } from './recorder.ts';

const paths = ['/api/v1/metrics', '/api/v1/metrics/', '/metrics'] as const;

export interface WasmrunMetrics {
  /** Who may read the metrics; also the answer for a refused request, and for methods other than GET. */
  readonly access: Access;
  /** Without authentication: JSON shows each session too. */
  readonly open: boolean;
}

/** As long as a callback of a bridge may take. */
const SESSIONS_WITHIN_MS = 5_000;

const refusal = jsonError(401, 'a valid API key is needed');
const notFound = jsonError(404, 'not found');
const missing = replyFrom(notFound);

/**
 * Reads the `[[tenants]]` of the file that `--auth` names: `id` and `key_sha256` of each; other keys are the host's own.
 * Undefined: no
 * `--auth`, every request is admitted.
 *
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem, each under the key it is about
 */
export function resolveWasmrunMetrics(tenants: unknown): WasmrunMetrics {
  const problems: Problem[] = [];
  const gate = tenants === undefined ? open() : collectProblems(problems, () => apiKeys(keysOf(tenants), 'tenants'));
  if (gate === undefined) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems.map(asSpelled));
  const methods = { only: ['GET'], otherwise: notFound };
  return Object.freeze({ access: Object.freeze({ gate, refusal, methods }), open: tenants === undefined });
}

interface Tenant {
  readonly id?: unknown;
  readonly key_sha256?: unknown;
}

/** The gate refuses a value that is not a list or not a string. */
function keysOf(tenants: unknown): readonly ApiKey[] {
  if (!Array.isArray(tenants)) return tenants as readonly ApiKey[];
  return tenants.map((tenant: Tenant | null) => ({ sha256: tenant?.key_sha256 as string, tenant: tenant?.id as string }));
}

/** The gate's problem, with the names of the agent's file. */
function asSpelled({ at, ...problem }: Problem): Problem {
  return { ...problem, at: at.replace(/\.sha256$/, '.key_sha256').replace(/\.tenant$/, '.id') };
}

export interface WasmrunEndpoint {
  readonly bridge: Pick<Bridge<typeof wasmrun>, 'scrape' | 'gather'>;
  readonly config: WasmrunMetrics;
  /** Counts refused requests. */
  readonly recorder: Pick<WasmrunRecorder, 'rejected'>;
  /** Asked for JSON without authentication. */
  readonly probes: Pick<WasmrunProbes, 'sessions'>;
  /** The access log. Default: on standard error, not verbose. */
  readonly requestLog?: RequestLog;
}

/**
 * The whole endpoint without a Fastify app: `createServer(nodeListener(wasmrunMetrics(…)))`. The gate comes first and counts
 * every request that it refuses; then path and method, where all others are 404. Each request has an id and a line in the access
 * log;
 * `logRequests(server, requestLog)` around it adds the answers of Node itself.
 */
export function wasmrunMetrics(endpoint: WasmrunEndpoint): Handler {
  const metrics = metricsHandler(endpoint);
  const served = routed(Object.fromEntries(paths.map((path) => [path, metrics])), () => missing);
  return logged(guarded(served, endpoint.config.access, refusalsOf(endpoint)), endpoint.requestLog);
}

export interface WasmrunMounting extends WasmrunEndpoint {
  /** The host's main Fastify app, not listening yet, and without a handler for what is not found. */
  readonly app: FastifyInstance;
}

/**
 * Serves the metrics on the host's app. The access log and the gate come before all of its routes, since the agent requires a key
 * everywhere; `tenantOf(request.raw)` of `meterbridge/access` returns the key's tenant. Unknown paths, undecodable targets and
 * other methods on the metrics' path get 404 in JSON, whatever their body.
 */
export function mountWasmrunMetrics(mounting: WasmrunMounting): Promise<void> {
  return fromCaller(mountWasmrunMetrics, () => mount(mounting));
}

async function mount({ app, ...endpoint }: WasmrunMounting): Promise<void> {
  const { access } = endpoint.config;
  await app.register(fastifyRequestLog(endpoint.requestLog));
  await app.register(fastifyGuardAll(access, refusalsOf(endpoint)));
  await app.register(fastifyAnyTarget());
  const sayMissing = (response: FastifyReply): FastifyReply =>
    response.code(missing.status).headers(missing.headers).send(missing.body);
  // Before the body, which Fastify would otherwise report as unreadable first.
  app.addHook('onRequest', (request, response, done) => (request.is404 ? void sayMissing(response) : done()));
  app.setNotFoundHandler((_request, response) => sayMissing(response));
  const metrics = metricsHandler(endpoint);
  const onlyGet: Handler = async (request) => (request.method === 'GET' ? metrics(request) : missing);
  for (const path of paths) await app.register(fastifyMetrics(onlyGet, { path }));
}

/**
 * The options of a dedicated listener behind the same gate, in this thread or in a worker thread: `bridge.listen(address,
 * wasmrunListening(…))`. This thread makes the JSON, because it has the sessions; the exposition is made in the listener's
 * thread.
 */
export function wasmrunListening(endpoint: WasmrunEndpoint): ListenOptions {
  const { config, requestLog = {} } = endpoint;
  const formats = { json: () => inJson(endpoint) };
  return { path: paths, access: config.access, guardAll: true, notFound, formats, requestLog, ...refusalsOf(endpoint) };
}

function refusalsOf({ recorder }: Pick<WasmrunEndpoint, 'recorder'>): AccessEvents {
  return { onRefused: ({ count }) => recorder.rejected('unauthorized', count) };
}

/** The handler behind the gate. Simultaneous requests for JSON share one answer, as those for an exposition do. */
function metricsHandler(endpoint: WasmrunEndpoint): Handler {
  return withFormats(endpoint.bridge.scrape, { json: () => inJson(endpoint) });
}

/** Leaves out sessions that cannot be read, or not in time. */
async function inJson({ bridge, config, probes }: WasmrunEndpoint): Promise<Reply> {
  const late = sleep(SESSIONS_WITHIN_MS, undefined, { ref: false });
  const sessions = config.open ? Promise.race([sessionsOf(probes), late]).catch(() => undefined) : undefined;
  const shown = { ...(await valuesOf(bridge)), sessions: await sessions };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(shown)) };
}

type Shown = Record<string, number | Record<string, number>>;

/** Every sample under its series' name without the prefix; samples of one label by its values. */
async function valuesOf(bridge: WasmrunEndpoint['bridge']): Promise<Shown> {
  const prefix = `${wasmrun.name}_`;
  const shown: Shown = {};
  for (const { name, labels, value } of (await bridge.gather()).flatMap(({ samples }) => samples)) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const [label] = labels;
    shown[key] = label === undefined ? value : { ...(shown[key] as Record<string, number> | undefined), [label[1]]: value };
  }
  return shown;
}

async function sessionsOf(probes: WasmrunEndpoint['probes']): Promise<readonly object[]> {
  const active = (await probes.sessions()).filter(({ expired }) => !expired);
  return active.map(({ id, diskBytes, memoryCapPages }) => ({ id, disk_bytes: diskBytes, memory_cap_pages: memoryCapPages }));
}

publicFunctions(resolveWasmrunMetrics, wasmrunMetrics, wasmrunListening);
