/** Where a program that embeds solti serves `/metrics`: beside its own routes, or on a dedicated listener. It has no gate. */
import type { FastifyInstance } from 'fastify';
import { fastifyMetrics } from '../../src/fastify.ts';
import { fromCaller, parseListenAddress, publicFunctions } from '../../src/host.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import type { SoltiBackend } from './recorder.ts';

export interface SoltiMetrics {
  /** `SOLTI_METRICS_LISTEN`, `host:port`: the dedicated listener. Absent: on the program's main listener. */
  readonly listen: string | undefined;
  /** `SOLTI_METRICS_PUBLIC=true`: other machines may reach the dedicated listener. Default false. */
  readonly public: boolean;
}

/** The dedicated listener's usual port, in messages: next to 9480, the example's main one. */
const USUAL_PORT = 9_481;
const variables = { listen: 'SOLTI_METRICS_LISTEN', public: 'SOLTI_METRICS_PUBLIC' } as const;

/**
 * Reads the variables of an environment.
 *
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem, each under the variable it is about
 */
export function resolveSoltiMetrics(env: Readonly<Record<string, string | undefined>>): SoltiMetrics {
  const problems: Problem[] = [];
  const { [variables.listen]: listen, [variables.public]: open } = env;
  if (listen !== undefined) {
    const parsed = parseListenAddress(listen, variables.listen, USUAL_PORT);
    if (!parsed.ok) problems.push(...parsed.problems);
  }
  if (open !== undefined && open !== 'true' && open !== 'false') {
    problems.push({
      at: variables.public,
      got: JSON.stringify(open),
      rule: 'it is true or false',
      fix: `set ${variables.public}=true, or remove it`,
    });
  }
  if (open === 'true' && listen === undefined) {
    const rule = `it is about ${variables.listen}, which is not set`;
    problems.push({
      at: variables.public,
      got: JSON.stringify(open),
      rule,
      fix: `set ${variables.listen}, or remove ${variables.public}`,
    });
  }
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({ listen, public: open === 'true' });
}

export interface SoltiMounting {
  /** The program's main Fastify app, not listening yet. */
  readonly app: FastifyInstance;
  readonly backend: SoltiBackend;
  readonly config: SoltiMetrics;
}

/**
 * Serves `/metrics` where the configuration asks for it: on a dedicated listener with no other path, or beside the routes of the
 * main app. Returns the URL of the dedicated listener; the bridge closes it. On plain `node:http`:
 * `nodeListener(backend.registry().scrape)`.
 *
 * @throws MeterbridgeError `LISTEN_NOT_LOOPBACK` when the address is not loopback and not public, `LISTEN_FAILED` when the port
 * is taken
 */
export function mountSoltiMetrics(mounting: SoltiMounting): Promise<{ readonly url: string | undefined }> {
  return fromCaller(mountSoltiMetrics, () => mount(mounting));
}

async function mount({ app, backend, config }: SoltiMounting): Promise<{ readonly url: string | undefined }> {
  const bridge = backend.registry();
  if (config.listen === undefined) {
    await app.register(fastifyMetrics(bridge.scrape));
    return { url: undefined };
  }
  const { url } = await bridge.listen(config.listen, {
    public: config.public,
    at: variables.listen,
    publicSetting: `${variables.public}=true`,
  });
  return { url };
}

publicFunctions(resolveSoltiMetrics);
