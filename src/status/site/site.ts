/** The site of a page: `/`, what it loads, `/api/*` and `/debug/*`, of a service or of a bridge. Reads only. */
import type { Handler, Reply, RequestFacts } from '../../net/http/exchange.ts';
import { plainReply } from '../../net/http/plain-reply.ts';
import type { StatusSource } from '../status-source.ts';
import { createApi } from './api.ts';
import { isOtherPage } from './other-page.ts';
import { createStream } from './stream.ts';

/** What makes the page out of a source. */
export interface PageMaker {
  /** HTML for `/` and the paths of `debugPaths`; undefined: there is no such page here. */
  renderPage(path: string, query: URLSearchParams, source: StatusSource): Promise<string>;
  /** What the page loads, by its path. */
  assetOf(path: string): { readonly type: string; readonly body: Uint8Array } | undefined;
}

export interface SiteOptions {
  readonly source: StatusSource;
  /** Called at the first request of a page, so that a service whose page nobody opens does not load it. */
  readonly page: () => Promise<PageMaker>;
  /** Requests from other origins are allowed, because something in front of the site decides on them. Default: false. */
  readonly otherOrigins?: boolean;
}

export interface Site {
  readonly handler: Handler;
  /** Ends open streams. */
  close(): void;
}

/** By what they show of the source. */
const debugPaths: Readonly<Record<string, keyof StatusSource>> = {
  '/debug/servicez': 'status',
  '/debug/pipelinez': 'graph',
  '/debug/extensionz': 'extensions',
  '/debug/featurez': 'features',
};

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const always = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};
const apiPath = '/api/';
const eventsPath = '/api/events';
const missing = plainReply(404, '404 page not found');
const encoder = new TextEncoder();

export function createStatusSite({ source, page, otherOrigins = false }: SiteOptions): Site {
  const stream = createStream(source);
  const api = createApi(source);

  async function pageOf({ path, query }: RequestFacts): Promise<Reply> {
    const html = await (await page()).renderPage(path, query, source);
    return reply('text/html; charset=utf-8', encoder.encode(html), 'no-store');
  }

  async function assetOf({ path }: RequestFacts): Promise<Reply> {
    const asset = (await page()).assetOf(path);
    return asset === undefined ? missing : reply(asset.type, asset.body, 'no-cache');
  }

  function route(request: RequestFacts): Promise<Reply> | Reply {
    const { path } = request;
    const shows = debugPaths[path];
    if (path === '/' || (shows !== undefined && source[shows] !== undefined)) return pageOf(request);
    if (path === eventsPath) return stream.answer();
    if (path.startsWith(apiPath)) return api(path.slice(apiPath.length), request.query);
    return assetOf(request);
  }

  function answer(request: RequestFacts): Promise<Reply> | Reply {
    const { method, path } = request;
    if (method !== 'GET' && method !== 'HEAD') return plainReply(405, 'only GET and HEAD', { allow: 'GET, HEAD' });
    if (!otherOrigins && isOtherPage(request, path.startsWith(apiPath)))
      return plainReply(403, 'another web page may not read this one: open it in the address bar');
    return route(request);
  }

  return Object.freeze({
    handler(request: RequestFacts) {
      const replied = answer(request);
      return 'then' in replied ? replied.then(guarded) : guarded(replied);
    },
    close: stream.close,
  });
}

function guarded(reply: Reply): Reply {
  return { ...reply, headers: { ...always, ...reply.headers } };
}

function reply(type: string, body: Uint8Array, cache: string): Reply {
  return { status: 200, headers: { 'content-type': type, 'cache-control': cache }, body };
}
