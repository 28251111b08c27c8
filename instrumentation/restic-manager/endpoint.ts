/**
 * restic-manager's `/metrics`: the variables and YAML keys that configure it, and who may read it. Without a gate it does not
 * exist.
 */
import type { FastifyInstance } from 'fastify';
import {
  type Access,
  type AccessEvents,
  allOf,
  bearer,
  cidr,
  type Gate,
  type Proxies,
  type Secret,
  secret,
  secretFile,
  trustedProxies,
  unauthorized,
} from '../../src/access.ts';
import { fastifyMetrics } from '../../src/fastify.ts';
import { collectProblems, commaList, fromCaller, publicFunctions, unknownKeys } from '../../src/host.ts';
import { type Bridge, MeterbridgeError, type Problem } from '../../src/index.ts';

export interface ResticManagerMetrics {
  /**
   * Who may read the metrics, and the answer for every other client. Undefined without a gate: then `/metrics` does not exist.
   */
  readonly access: Access | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const keys = ['metrics_token', 'metrics_trusted_cidrs'] as const;

/**
 * Reads the `metrics_*` keys of the parsed YAML file, and `RM_METRICS_TOKEN`, `RM_METRICS_TOKEN_FILE`, `RM_METRICS_TRUSTED_CIDR`
 * and
 * `RM_TRUSTED_PROXY` of the environment, which wins. Other keys and variables are the host's own. An empty variable counts as
 * set, so that an intended gate is never left out silently.
 *
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem, each under the key or variable it is about
 */
export function resolveResticManagerMetrics(yaml: Readonly<Record<string, unknown>>, env: Environment): ResticManagerMetrics {
  const problems = unknownKeys(yaml, '', 'metrics_', keys);
  const token = readToken(yaml, env, problems);
  const ranges = readRanges(yaml, env, problems);
  const proxies = readProxies(env, problems);
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  const [first, ...others] = [...(token === undefined ? [] : [bearer(token)]), ...(ranges === undefined ? [] : [ranges])];
  if (first === undefined) return Object.freeze({ access: undefined });
  return Object.freeze({
    access: Object.freeze({
      gate: allOf(first, ...others),
      refusal: unauthorized({ challenge: token !== undefined }),
      ...(proxies === undefined ? {} : { proxies }),
    }),
  });
}

function readToken(yaml: Readonly<Record<string, unknown>>, env: Environment, problems: Problem[]): Secret | undefined {
  const { metrics_token: inFile } = yaml;
  const { RM_METRICS_TOKEN: plain, RM_METRICS_TOKEN_FILE: path } = env;
  if (plain !== undefined && path !== undefined) {
    const [got, rule] = ['RM_METRICS_TOKEN as well', 'the token comes from one of the two'];
    problems.push({ at: 'RM_METRICS_TOKEN_FILE', got, rule, fix: 'unset one of them' });
  }
  const [fromFile, fromPath, fromPlain] = [
    inFile === undefined ? undefined : collectProblems(problems, () => secret(inFile as string, 'metrics_token')),
    path === undefined ? undefined : collectProblems(problems, () => secretFile(path, 'RM_METRICS_TOKEN_FILE')),
    plain === undefined ? undefined : collectProblems(problems, () => secret(plain, 'RM_METRICS_TOKEN')),
  ];
  return fromPlain ?? fromPath ?? fromFile;
}

function readRanges(yaml: Readonly<Record<string, unknown>>, env: Environment, problems: Problem[]): Gate | undefined {
  const { metrics_trusted_cidrs: inFile } = yaml;
  const { RM_METRICS_TRUSTED_CIDR: variable } = env;
  const fromFile =
    inFile === undefined ? undefined : collectProblems(problems, () => cidr(inFile as string[], 'metrics_trusted_cidrs'));
  const fromVariable =
    variable === undefined ? undefined : collectProblems(problems, () => cidr(commaList(variable), 'RM_METRICS_TRUSTED_CIDR'));
  return fromVariable ?? fromFile;
}

function readProxies({ RM_TRUSTED_PROXY: variable }: Environment, problems: Problem[]): Proxies | undefined {
  return variable === undefined
    ? undefined
    : collectProblems(problems, () => trustedProxies(commaList(variable), 'RM_TRUSTED_PROXY'));
}

export interface ResticManagerMounting extends AccessEvents {
  /** The host's main Fastify app, not listening yet. */
  readonly app: FastifyInstance;
  readonly bridge: Pick<Bridge, 'scrape' | 'onRefused'>;
  readonly config: ResticManagerMetrics;
}

/**
 * Serves `/metrics` beside the routes of the host's main app, behind the gates. Without a gate nothing is mounted.
 *
 * Elsewhere, `config.access` is enough: `nodeListener(guarded(bridge.scrape, access, bridge))` on plain `node:http`, and
 * `bridge.listen(address, { access })` on a dedicated listener, in this thread or in a worker thread.
 */
export function mountResticManagerMetrics(mounting: ResticManagerMounting): Promise<void> {
  return fromCaller(mountResticManagerMetrics, () => mount(mounting));
}

async function mount({ app, bridge, config: { access }, ...events }: ResticManagerMounting): Promise<void> {
  if (access !== undefined) await app.register(fastifyMetrics(bridge, { access, ...events }));
}

publicFunctions(resolveResticManagerMetrics);
