/** The labels of a route's answers, each object made once, so that a request allocates none. */
import { type Ended, methods, type OwnValues } from './exchange.ts';

/** Above what a program's routes take. A route function that returns paths fills it once; its further values take an object each. */
const mostRoutes = 1_000;
/** Statuses times methods times versions of a route; a client can choose the last two. */
const mostOfRoute = 200;

const versions: readonly string[] = ['1.1', '1.0', '2', ''];

export function cacheLabels<T extends object>(make: (exchange: Ended) => T): (exchange: Ended) => T {
  const routes = new Map<string | undefined, Map<number, T>>();

  return function labelsOf(exchange) {
    if (exchange.own !== undefined) return withOwn(make(exchange), exchange.own);
    if (!versions.includes(exchange.version)) return make(exchange);
    let ofRoute = routes.get(exchange.route);
    if (ofRoute === undefined) {
      if (routes.size >= mostRoutes) return make(exchange);
      ofRoute = new Map();
      routes.set(exchange.route, ofRoute);
    }
    const key = keyOf(exchange);
    const cached = ofRoute.get(key);
    if (cached !== undefined) return cached;
    const labels = make(exchange);
    if (ofRoute.size < mostOfRoute) ofRoute.set(key, labels);
    return labels;
  };
}

/** A number, because a string for each request would be allocated. */
function keyOf({ method, status, aborted, scheme, version }: Ended): number {
  const kind = methods.indexOf(method) * 2 + (scheme === 'https' ? 1 : 0);
  return ((kind * versions.length + versions.indexOf(version)) * 2 + (aborted ? 1 : 0)) * 1_000 + status;
}

function withOwn<T extends object>(labels: T, own: OwnValues): T {
  return { ...labels, ...own };
}
