import { durationText } from '../../../core/config/duration.ts';
import type { Handler, RequestFacts } from '../../../net/http/exchange.ts';
import { plainReply } from '../../../net/http/plain-reply.ts';
import { isLoopbackAddress } from '../../../net/listen/listen-address.ts';
import { listenAt, type Opened } from '../../../net/listen/listen-at.ts';
import type { Extension, ExtensionContext } from '../../component.ts';
import { createFront } from '../../guard/front.ts';
import type { HealthCheckSettings } from './config.ts';
import { answerReload, reloadPath } from './reload.ts';

/** Served beside the configured path. */
const otherPaths = ['/-/healthy', '/-/ready'];

/** 200 while every component works, 503 while the service starts and while it ends. */
export function createHealthCheck(settings: HealthCheckSettings, context: ExtensionContext): Extension {
  const { endpoint, path, response_body: bodies } = settings;
  let readyAt: number | undefined;
  let listener: Opened | undefined;

  const gone = Promise.withResolvers<undefined>();

  function over({ peer }: RequestFacts): 'socket' | 'loopback' | 'network' {
    if (endpoint.path !== undefined) return 'socket';
    return isLoopbackAddress(peer ?? '') ? 'loopback' : 'network';
  }

  const handler: Handler = (request) => {
    if (request.path === reloadPath)
      return context.reload === undefined ? notFound : answerReload(request, over(request), context.reload, gone.promise);
    if (path !== '/' && request.path !== path && !otherPaths.includes(request.path)) return notFound;
    return readyAt === undefined ? unavailable(bodies?.unhealthy) : available(bodies?.healthy, readyAt, context.clock());
  };

  return Object.freeze({
    async start() {
      const at = `extensions.${context.id}`;
      const front = createFront(settings, at, context);
      const { allowedHosts } = context.limits;
      listener = await listenAt(handler, endpoint, { at: `${at}.endpoint`, front, allowedHosts, refusal: context.refusal });
      context.listening(`${listener.origin}${path}`);
    },
    ready() {
      readyAt = context.clock();
    },
    draining() {
      readyAt = undefined;
    },
    async shutdown() {
      gone.resolve(undefined);
      await listener?.close();
    },
  });
}

const notFound = plainReply(404, '404 page not found');

function available(body: string | undefined, since: number, now: number) {
  if (body !== undefined && body !== '') return jsonReply(200, body);
  const upSince = new Date(since).toISOString();
  return jsonReply(200, JSON.stringify({ status: 'Server available', upSince, uptime: durationText(now - since) }));
}

function unavailable(body = '') {
  return jsonReply(
    503,
    body === '' ? JSON.stringify({ status: 'Server not available', upSince: '0001-01-01T00:00:00Z', uptime: '' }) : body,
  );
}

function jsonReply(status: number, text: string) {
  return { status, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(text) };
}
