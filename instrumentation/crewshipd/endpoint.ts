/** crewshipd's `/metrics`: the variables that configure it, and who may read it. For every other client it does not exist. */
import type { FastifyInstance } from 'fastify';
import { type Access, type AccessEvents, anyOf, bearer, loopback, notFound, secret, trustedProxies } from '../../src/access.ts';
import { fastifyMetrics } from '../../src/fastify.ts';
import { collectProblems, commaList, fromCaller, publicFunctions } from '../../src/host.ts';
import { type Bridge, MeterbridgeError, type Problem } from '../../src/index.ts';

export interface CrewshipdMetrics {
  /** Clients on this machine, and requests with the token; a refusal is a 404 like any other. */
  readonly access: Access;
}

/**
 * Reads `CREWSHIP_METRICS_TOKEN` and `CREWSHIP_TRUSTED_PROXY_CIDRS`; other variables are the host's own. Without a token only
 * this machine may read the metrics. Proxies on this machine are always trusted: otherwise their clients would count as local.
 *
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem, each under the variable it is about
 */
export function resolveCrewshipdMetrics(env: Readonly<Record<string, string | undefined>>): CrewshipdMetrics {
  const { CREWSHIP_METRICS_TOKEN: given, CREWSHIP_TRUSTED_PROXY_CIDRS: ranges } = env;
  const problems: Problem[] = [];
  const token = given === undefined ? undefined : collectProblems(problems, () => secret(given, 'CREWSHIP_METRICS_TOKEN'));
  const proxies = collectProblems(problems, () =>
    trustedProxies(ranges === undefined ? [] : commaList(ranges), 'CREWSHIP_TRUSTED_PROXY_CIDRS', {
      loopback: true,
      realIp: true,
    }),
  );
  if (problems.length > 0 || proxies === undefined) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  const gate = token === undefined ? loopback() : anyOf(loopback(), bearer(token));
  return Object.freeze({ access: Object.freeze({ gate, proxies, refusal: notFound() }) });
}

export interface CrewshipdMounting extends AccessEvents {
  /** The host's main Fastify app, not listening yet. */
  readonly app: FastifyInstance;
  readonly bridge: Pick<Bridge, 'scrape' | 'onRefused'>;
  readonly config: CrewshipdMetrics;
}

/**
 * Serves `/metrics` beside the routes of the host's main app. A refused request gets the app's own 404, whatever the method.
 *
 * Elsewhere, `config.access` is enough: `nodeListener(guarded(bridge.scrape, access, bridge), notFound)` on plain `node:http`
 * (with the server's own 404), and `bridge.listen(address, { access })` on a dedicated listener, in this thread or in a worker
 * thread.
 */
export function mountCrewshipdMetrics(mounting: CrewshipdMounting): Promise<void> {
  return fromCaller(mountCrewshipdMetrics, () => mount(mounting));
}

async function mount({ app, bridge, config, ...events }: CrewshipdMounting): Promise<void> {
  await app.register(fastifyMetrics(bridge, { ...config, ...events }));
}

publicFunctions(resolveCrewshipdMetrics);
