/** A middleware for Express 4 and 5. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tracker } from './tracker.ts';

const base = Symbol('meterbridge.http.base');
const matched = Symbol('meterbridge.http.matched');
const mounts = Symbol('meterbridge.http.mounts');

interface Matched {
  readonly path: string | RegExp | readonly (string | RegExp)[];
}

interface Request extends IncomingMessage {
  readonly app?: { readonly request: object };
  readonly params?: Readonly<Record<string, string>>;
  baseUrl?: string | undefined;
  [base]?: string | undefined;
  /** The template of the route, below those of the routers around it. */
  [matched]?: { readonly route: Matched; readonly at: string };
  /** Templates of mount points that have parameters, by their path in this request. */
  [mounts]?: Map<string, string>;
}

export type ExpressMiddleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export function expressMiddleware(tracker: Tracker): ExpressMiddleware {
  const watched = new WeakSet<object>();
  return (request, response, next) => {
    const prototype = (request as Request).app?.request;
    if (prototype !== undefined && !watched.has(prototype)) {
      watched.add(prototype);
      if (!Object.hasOwn(prototype, 'route')) watchRoutes(prototype);
    }
    // Express 4 sets it before the request has that prototype.
    const { baseUrl } = request as Request;
    if (prototype !== undefined && Object.hasOwn(request, 'baseUrl')) {
      delete (request as Request).baseUrl;
      (request as Request).baseUrl = baseUrl;
    }
    tracker.follow(request, response, routeOf);
    next();
  };
}

/**
 * Express restores `baseUrl` before an error handler runs, and it holds the path of this request where a mount point has
 * parameters. So both are read when they are set, on the app's own prototype of requests.
 */
function watchRoutes(prototype: object): void {
  Object.defineProperties(prototype, {
    route: {
      configurable: true,
      get(this: Request) {
        return this[matched]?.route;
      },
      set(this: Request, route: Matched | undefined) {
        if (route !== undefined) this[matched] = { route, at: this[base] ?? '' };
      },
    },
    baseUrl: {
      configurable: true,
      get(this: Request) {
        return this[base];
      },
      set(this: Request, url: string | undefined) {
        const outer = this[base] ?? '';
        this[base] = url;
        if (url !== undefined && url.length > outer.length && url.startsWith(outer)) mountedAt(this, outer, url);
      },
    },
  });
}

function mountedAt(request: Request, outer: string, url: string): void {
  const names = Object.keys(request.params ?? {});
  const around = request[mounts]?.get(outer);
  if (names.length === 0 && around === undefined) return;
  request[mounts] ??= new Map();
  request[mounts].set(url, (around ?? outer) + template(url.slice(outer.length), names, request.params ?? {}));
}

/** A part of the path that is a parameter's value becomes the parameter's name. */
function template(path: string, names: readonly string[], params: Readonly<Record<string, string>>): string {
  const name = (part: string) => names.find((one) => part !== '' && (params[one] === part || params[one] === decoded(part)));
  const parts = path.split('/').map((part) => {
    const found = name(part);
    return found === undefined ? part : `:${found}`;
  });
  return parts.join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function routeOf(request: Request): string | undefined {
  const found = request[matched];
  if (found === undefined) return undefined;
  const { path } = found.route;
  return `${request[mounts]?.get(found.at) ?? found.at}${Array.isArray(path) ? path.join('|') : String(path)}`;
}
