/** A middleware for Hono. On Node.js it measures the response itself; elsewhere, the time until its head is ready. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tracker } from './tracker.ts';

/** Hono's context, as far as the middleware needs it. */
export interface HonoLike {
  readonly env: unknown;
  readonly req: {
    readonly method: string;
    readonly url: string;
    readonly matchedRoutes?: readonly { readonly path: string; readonly method?: string }[];
  };
  readonly res: { readonly status: number };
}

export type HonoMiddleware = (context: HonoLike, next: () => Promise<void>) => Promise<void>;

export function honoMiddleware(tracker: Tracker): HonoMiddleware {
  return async (context, next) => {
    const { incoming, outgoing } = (context.env ?? {}) as { incoming?: IncomingMessage; outgoing?: ServerResponse };
    if (incoming === undefined || outgoing === undefined) return withoutNode(tracker, context, next);
    tracker.follow(incoming, outgoing, undefined);
    // A client may leave while the handler is at work.
    tracker.route(outgoing, handlerOf(context));
    try {
      await next();
    } finally {
      tracker.route(outgoing, routeOf(context));
    }
  };
}

async function withoutNode({ recording, unmatched }: Tracker, context: HonoLike, next: () => Promise<void>): Promise<void> {
  const method = recording.methodOf(context.req.method);
  if (method === undefined) return next();
  const scheme = context.req.url.startsWith('https:') ? 'https' : 'http';
  const began = performance.now();
  recording.began(method, scheme);
  try {
    await next();
  } finally {
    const seconds = (performance.now() - began) / 1_000;
    const route = routeOf(context);
    const unknown = { requestSize: undefined, responseSize: undefined, own: undefined, version: '' };
    if (route === undefined && !unmatched) recording.dropped(method, scheme);
    else
      recording.ended({ method, scheme, route, status: context.res.status, aborted: false, finished: true, seconds, ...unknown });
  }
}

/** The route before there is a response. */
function handlerOf({ req }: HonoLike): string | undefined {
  const last = req.matchedRoutes?.at(-1);
  // A handler for every method looks like a middleware.
  return last === undefined || (last.path.endsWith('*') && last.method === everyMethod) ? undefined : last.path;
}

/** Hono's name for it. */
const everyMethod = 'ALL';

/** The last that matched is the handler. If it ends in `*`, and the response is 404, it is a middleware's alone. */
function routeOf({ req, res }: HonoLike): string | undefined {
  const path = req.matchedRoutes?.at(-1)?.path;
  return path === undefined || path === '/*' || path === '*' || (path.endsWith('*') && res.status === 404) ? undefined : path;
}
