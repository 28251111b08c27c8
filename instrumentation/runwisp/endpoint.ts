/** RunWisp's `/metrics`: the keys of `[daemon]` that configure it, and where it is served. It is never authenticated. */
import type { FastifyInstance } from 'fastify';
import { shown } from '../../src/errors/shown.ts';
import { unknownKeys } from '../../src/errors/unknown-keys.ts';
import { fastifyMetrics } from '../../src/fastify.ts';
import { type Bridge, MeterbridgeError, type Problem } from '../../src/index.ts';
import { isLoopbackHost, parseListenAddress } from '../../src/pull/listen-address.ts';

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
    needs('metrics_listen_public', 'it is about metrics_listen, which is not set', 'set metrics_listen, or remove metrics_listen_public');
  }
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({ enabled: enabled === true, listen, public: open === true });
}

/** Undefined when it is neither true nor false: a wrong type must not cause further problems. */
function flag(daemon: Readonly<Record<string, unknown>>, key: (typeof keys)[number], problems: Problem[]): boolean | undefined {
  const value = daemon[key] ?? false;
  if (typeof value === 'boolean') return value;
  problems.push({ at: `daemon.${key}`, got: shown(value), rule: 'it is true or false', fix: `write ${key} = true, without quotes` });
  return undefined;
}

function listenAddress(value: unknown, open: boolean | undefined, problems: Problem[]): string | undefined {
  const at = 'daemon.metrics_listen';
  if (value === undefined) return undefined;
  if (typeof value !== 'string') {
    problems.push({ at, got: shown(value), rule: 'it is a text, host:port', fix: 'write metrics_listen = "127.0.0.1:9478"' });
    return undefined;
  }
  const parsed = parseListenAddress(value, at);
  if (!parsed.ok) problems.push(...parsed.problems);
  // What a name resolves to is only known when the listener opens; it is refused there by the same rule.
  else if (open === false && reachesOut(parsed.address.host)) {
    const rule = 'the dedicated listener stays on this machine: 127.0.0.0/8, [::1] or localhost';
    problems.push({ at, got: shown(value), rule, fix: 'use 127.0.0.1, or set metrics_listen_public = true if that is meant' });
  }
  return value;
}

/** An address beyond this machine, as far as it can be told without a resolver. */
function reachesOut(host: string): boolean {
  const isName = host !== '' && !host.includes(':') && !/^[\d.]+$/.test(host);
  return !isName && !isLoopbackHost(host);
}

export interface RunwispMounting {
  /** The host's main Fastify app, not listening yet. */
  readonly app: FastifyInstance;
  /** What serves the metrics. A bridge whose `scrape.onStale` is `fail` answers 500 when the database has been gone for too long. */
  readonly bridge: Pick<Bridge, 'scrape' | 'listen'>;
  readonly config: RunwispMetrics;
}

/**
 * Serves `/metrics` where the configuration wants it: on a listener of its own, which has nothing else, or beside the routes of the
 * main app. Returns the URL of the dedicated listener; the bridge closes it. On plain `node:http`: `nodeListener(bridge.scrape)`.
 *
 * @throws MeterbridgeError `LISTEN_NOT_LOOPBACK` when a name resolves off loopback, `LISTEN_FAILED` when the port is taken
 */
export async function mountRunwispMetrics({ app, bridge, config }: RunwispMounting): Promise<{ readonly url: string | undefined }> {
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
