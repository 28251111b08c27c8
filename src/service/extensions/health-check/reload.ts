/** `POST /-/reload`, as Prometheus has it. */
import type { Reply, RequestFacts } from '../../../net/http/exchange.ts';
import { plainReply } from '../../../net/http/plain-reply.ts';
import type { ExtensionContext, Reloaded } from '../../component.ts';

export const reloadPath = '/-/reload';

const statuses: Readonly<Record<Reloaded['outcome'], number>> = { done: 200, wrong: 400, failed: 500 };

/** What proxies add: behind one on this machine, every client looks like a program of this machine. */
const proxyMarks = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
];
const ownSites: readonly string[] = ['same-origin', 'none'];

function isPage({ header }: RequestFacts): boolean {
  return header('origin') !== undefined || !ownSites.includes(header('sec-fetch-site') ?? 'none');
}

/**
 * From this machine only, through no proxy, and from no web page: health checks are often reachable from other machines, and the
 * response quotes the configuration. The permissions of a Unix socket's file decide who may reach it: there, a proxy may be in
 * front of it.
 * @param over where the client is: at a Unix socket, on this machine, or elsewhere
 * @param gone resolves when the extension is shut down; a reload that replaces it has then been accepted
 */
export async function answerReload(
  request: RequestFacts,
  over: 'socket' | 'loopback' | 'network',
  reload: NonNullable<ExtensionContext['reload']>,
  gone: Promise<undefined>,
): Promise<Reply> {
  if (request.method !== 'POST') return plainReply(405, 'a reload is a POST', { allow: 'POST' });
  const isHere = over === 'socket' || (over === 'loopback' && !proxyMarks.some((mark) => request.header(mark) !== undefined));
  if (!isHere || isPage(request))
    return plainReply(403, 'a reload is requested from the machine of the service, and through no proxy; or send it SIGHUP');
  const reloaded = await Promise.race([reload(), gone]);
  if (reloaded === undefined)
    return plainReply(202, 'the configuration is being reloaded, and health_check with it: see the log');
  return plainReply(statuses[reloaded.outcome], reloaded.lines.join('\n'));
}
