/** RunWisp's `/metrics`: the keys of `[daemon]` that configure it, and where it is served. It is never authenticated. */
import type { FastifyInstance } from 'fastify';
import { fastifyMetrics } from '../../src/fastify.ts';
import { fromCaller, isLoopbackHost, parseListenAddress, publicFunctions, shown, unknownKeys } from '../../src/host.ts';
import { type Bridge, MeterbridgeError, type Problem } from '../../src/index.ts';

export interface RunwispMetrics {
  /** `metrics_enabled`. Default false: then `/metrics` does not exist. */
  readonly enabled: boolean;
  /** `metrics_listen`, `host:port`: the dedicated listener. Absent: on the host's main listener, beside `/health`. */
  readonly listen: string | undefined;
  /** `metrics_listen_public`: the dedicated listener may be reached from other machines. Default false. */
  readonly public: boolean;
}

const keys = ['metrics_enabled', 'metrics_listen', 'metrics_listen_public'] as const;

/**
 * Reads the `metrics_*` keys of a parsed `[daemon]` table; other keys are the host's own.
 *
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem, each under the key it is about
 */
export function resolveRunwispMetrics(daemon: Readonly<Record<string, unknown>>): RunwispMetrics {
  const problems = unknownKeys(daemon, 'daemon.', 'metrics_', keys);
  const enabled = flag(daemon, 'metrics_enabled', problems);
  const open = flag(daemon, 'metrics_listen_public', problems);
  const listen = listenAddress(daemon.metrics_listen, open, problems);
  const needs = (key: string, rule: string, fix: string): number =>
    problems.push({ at: `daemon.${key}`, got: shown(daemon[key]), rule, fix });
  if (daemon.metrics_listen !== undefined && enabled === false) {
    needs('metrics_listen', 'it needs metrics_enabled = true', 'set metrics_enabled = true, or remove metrics_listen');
  }
  if (open === true && daemon.metrics_listen === undefined) {
    needs(
      'metrics_listen_public',
      'it is about metrics_listen, which is not set',
      'set metrics_listen, or remove metrics_listen_public',
    );
  }
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({ enabled: enabled === true, listen, public: open === true });
}

/** Undefined when the value is neither true nor false: a wrong type must not cause further problems. */
function flag(daemon: Readonly<Record<string, unknown>>, key: (typeof keys)[number], problems: Problem[]): boolean | undefined {
  const value = daemon[key] ?? false;
  if (typeof value === 'boolean') return value;
  problems.push({
    at: `daemon.${key}`,
    got: shown(value),
    rule: 'it is true or false',
    fix: `write ${key} = true, without quotes`,
  });
  return undefined;
}

function listenAddress(value: unknown, open: boolean | undefined, problems: Problem[]): string | undefined {
  const at = 'daemon.metrics_listen';
  if (value === undefined) return undefined;
  if (typeof value !== 'string') {
    problems.push({ at, got: shown(value), rule: 'it is a string, host:port', fix: 'write metrics_listen = "127.0.0.1:9478"' });
    return undefined;
  }
  const parsed = parseListenAddress(value, at);
  if (!parsed.ok) problems.push(...parsed.problems);
  // The addresses of a name are known only when the listener opens; it applies the same rule then.
  else if (open === false && reachesOut(parsed.address.host)) {
    const rule = 'the dedicated listener stays on this machine: 127.0.0.0/8, [::1] or localhost';
    problems.push({ at, got: shown(value), rule, fix: 'use 127.0.0.1, or set metrics_listen_public = true if that is meant' });
  }
  return value;
}

/** Whether the address is beyond this machine, as far as can be determined without a resolver. */
function reachesOut(host: string): boolean {
  const isName = host !== '' && !host.includes(':') && !/^[\d.]+$/.test(host);
  return !isName && !isLoopbackHost(host);
}

export interface RunwispMounting {
  /** The host's main Fastify app, not listening yet. */
  readonly app: FastifyInstance;
  /**
   * The bridge that serves the metrics. If its `scrape.onStale` is `fail`, it answers 500 when the database has been unavailable
   * for too long.
   */
  readonly bridge: Pick<Bridge, 'scrape' | 'listen'>;
  readonly config: RunwispMetrics;
}

/**
 * Serves `/metrics` where the configuration asks for it: on a dedicated listener with no other path, or beside the routes of the
 * main app. Returns the URL of the dedicated listener; the bridge closes it. On plain `node:http`: `nodeListener(bridge.scrape)`.
 *
 * @throws MeterbridgeError `LISTEN_NOT_LOOPBACK` when a name resolves off loopback, `LISTEN_FAILED` when the port is taken
 */
export function mountRunwispMetrics(mounting: RunwispMounting): Promise<{ readonly url: string | undefined }> {
  return fromCaller(mountRunwispMetrics, () => mount(mounting));
}

async function mount({ app, bridge, config }: RunwispMounting): Promise<{ readonly url: string | undefined }> {
  if (!config.enabled) return { url: undefined };
  if (config.listen === undefined) {
    await app.register(fastifyMetrics(bridge.scrape));
    return { url: undefined };
  }
  const { url } = await bridge.listen(config.listen, {
    public: config.public,
    at: 'daemon.metrics_listen',
    publicSetting: 'metrics_listen_public = true',
  });
  return { url };
}

publicFunctions(resolveRunwispMetrics);
