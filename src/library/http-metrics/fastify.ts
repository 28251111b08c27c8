/** A plugin for Fastify 4 and 5, by the part of their interface that both have. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { pathOf } from './skip.ts';
import type { Tracker } from './tracker.ts';

interface Request {
  readonly raw: IncomingMessage;
  readonly is404: boolean;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** A Fastify app, as far as the plugin needs it. */
export interface FastifyLike {
  readonly version: string;
  addHook(
    name: 'onRequest',
    hook: (request: Request, reply: { readonly raw: ServerResponse }, done: () => void) => void,
  ): unknown;
}

export interface FastifyHttpPluginOptions {
  /** A path that is not measured: where the metrics are. */
  readonly except?: string;
}

export type FastifyHttpPlugin = (app: FastifyLike, options: FastifyHttpPluginOptions, done: (error?: Error) => void) => void;

/** `notFoundMatches`: a request that a route hands on to `callNotFound` keeps that route. */
export function fastifyPlugin(tracker: Tracker, notFoundMatches: boolean): FastifyHttpPlugin {
  const meterbridgeHttpMetrics: FastifyHttpPlugin = (app, { except }, done) => {
    if (!hasRouteOptions(app.version)) {
      done(tooOld(app.version));
      return;
    }
    app.addHook('onRequest', (request, { raw }, next) => {
      if (except !== undefined && pathOf(request.raw) === except) return next();
      if (notFoundMatches) {
        tracker.follow(request.raw, raw, undefined);
        tracker.route(raw, routeOf(request));
      } else tracker.follow(request.raw, raw, () => routeOf(request));
      next();
    });
    done();
  };
  // As in `fastify-plugin`: the hook is for the whole app.
  return Object.assign(meterbridgeHttpMetrics, { [Symbol.for('skip-override')]: true });
}

function routeOf({ is404, routeOptions }: Request): string | undefined {
  return is404 ? undefined : routeOptions?.url;
}

/** `request.routeOptions` came with Fastify 4.10. */
function hasRouteOptions(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 10);
}

function tooOld(got: string): MeterbridgeError {
  return new MeterbridgeError('OPTION_INVALID', [
    { at: 'httpServerMetrics.fastify', got: `Fastify ${got}`, rule: 'it needs Fastify 4.10 or newer', fix: 'update fastify' },
  ]);
}
