/**
 * What records a route's responses, bound once for each kind of response, so that a request neither looks labels up nor allocates
 * them.
 */
import type { Ended } from './exchange.ts';

/**
 * Above what a program's routes take. A route function that returns paths fills it once; its further values take the slow path.
 */
const mostRoutes = 1_000;
/** Statuses times methods times versions of a route; a client can choose the last two. */
const mostOfRoute = 200;

const versions: readonly string[] = ['1.1', '1.0', '2', ''];

/** Undefined: not to be kept, because of values of the user's own labels, an unknown version, or too many kinds. */
export function cacheBound<T>(methods: readonly string[], bind: (exchange: Ended) => T): (exchange: Ended) => T | undefined {
  const routes = new Map<string | undefined, Map<number, T>>();

  return function boundOf(exchange) {
    const version = versions.indexOf(exchange.version);
    if (exchange.own !== undefined || version === -1) return undefined;
    let ofRoute = routes.get(exchange.route);
    if (ofRoute === undefined) {
      if (routes.size >= mostRoutes) return undefined;
      ofRoute = new Map();
      routes.set(exchange.route, ofRoute);
    }
    const key = keyOf(exchange, methods.indexOf(exchange.method), version);
    const known = ofRoute.get(key);
    if (known !== undefined || ofRoute.size >= mostOfRoute) return known;
    const bound = bind(exchange);
    ofRoute.set(key, bound);
    return bound;
  };
}

/** A number, because a string for each request would be allocated. */
function keyOf({ status, aborted, scheme }: Ended, method: number, version: number): number {
  const kind = method * 2 + (scheme === 'https' ? 1 : 0);
  return ((kind * versions.length + version) * 2 + (aborted ? 1 : 0)) * 1_000 + status;
}
