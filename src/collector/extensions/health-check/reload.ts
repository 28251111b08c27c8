/** `POST /-/reload`, as Prometheus has it. */
import type { Reply, RequestFacts } from '../../../http/exchange.ts';
import { plainReply } from '../../../http/plain-reply.ts';
import type { ExtensionGiven, Reloaded } from '../../component.ts';

export const reloadPath = '/-/reload';

const statuses: Readonly<Record<Reloaded['outcome'], number>> = { done: 200, wrong: 400, failed: 500 };

/**
 * From this machine only, and from no web page: health checks often listen for others, and the answer quotes the configuration.
 * @param isHere the client is a program of this machine
 * @param gone resolves when the extension is shut down; a reload that replaces it has then been accepted
 */
export async function answerReload(
  request: RequestFacts,
  isHere: boolean,
  reload: NonNullable<ExtensionGiven['reload']>,
  gone: Promise<undefined>,
): Promise<Reply> {
  if (request.method !== 'POST') return plainReply(405, 'a reload is a POST', { allow: 'POST' });
  if (!isHere || request.header('origin') !== undefined)
    return plainReply(403, 'a reload is asked for from the machine of the service; or send it SIGHUP');
  const reloaded = await Promise.race([reload(), gone]);
  if (reloaded === undefined) return plainReply(202, 'the configuration is being reloaded, and health_check with it: see the log');
  return plainReply(statuses[reloaded.outcome], reloaded.lines.join('\n'));
}
