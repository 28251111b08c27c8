/** A mail queue's `/metrics`: what configures it, and where it is served. */
import type { FastifyInstance } from 'fastify';
import { type Bridge, MeterbridgeError, type Problem } from 'meterbridge';
import { type Access, allOf, bearer, cidr, open, secret, unauthorized } from 'meterbridge/access';
import { fastifyMetrics } from 'meterbridge/fastify';
import { collectProblems, commaList, isLoopbackHost, parseListenAddress, shown, unknownKeys } from 'meterbridge/host';

export interface MailqueueMetrics {
  readonly access: Access;
  /** Absent: on the main app. */
  readonly listen: string | undefined;
}

const keys = ['metrics_token', 'metrics_from', 'metrics_listen'] as const;
type Table = Readonly<Record<string, unknown>>;

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem, each under the key it is about */
export function resolveMailqueueMetrics(table: Table): MailqueueMetrics {
  const problems = unknownKeys(table, '', 'metrics_', keys);
  const { metrics_token: token, metrics_from: from = '127.0.0.0/8' } = table;
  const gates = [
    token === undefined ? open() : collectProblems(problems, () => bearer(secret(token as string, 'metrics_token'))),
    collectProblems(problems, () => cidr(commaList(String(from)), 'metrics_from')),
  ].filter((gate) => gate !== undefined);
  const listen = listenAddress(table, problems);
  const [first, ...others] = gates;
  if (problems.length > 0 || first === undefined) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({ access: { gate: allOf(first, ...others), refusal: unauthorized() }, listen });
}

function listenAddress({ metrics_listen: value }: Table, problems: Problem[]): string | undefined {
  const at = 'metrics_listen';
  if (value === undefined) return undefined;
  const parsed = typeof value === 'string' ? parseListenAddress(value, at, 2525) : undefined;
  if (parsed === undefined) problems.push({ at, got: shown(value), rule: 'it is host:port', fix: 'write 127.0.0.1:2525' });
  else if (!parsed.ok) problems.push(...parsed.problems);
  else if (!isLoopbackHost(parsed.address.host))
    problems.push({ at, got: shown(value), rule: 'it stays on this machine', fix: 'use 127.0.0.1' });
  return typeof value === 'string' ? value : undefined;
}

export interface MailqueueMounting {
  readonly app: FastifyInstance;
  readonly bridge: Pick<Bridge, 'scrape' | 'listen' | 'onRefused'>;
  readonly config: MailqueueMetrics;
}

/** Returns where the metrics are, if they are on a listener of their own. */
export async function mountMailqueueMetrics({ app, bridge, config }: MailqueueMounting): Promise<string | undefined> {
  const { access, listen } = config;
  if (listen !== undefined) return (await bridge.listen(listen, { access })).url;
  await app.register(fastifyMetrics(bridge, { access }));
  return undefined;
}
