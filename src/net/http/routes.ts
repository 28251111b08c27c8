import type { Handler } from './exchange.ts';
import { plainReply } from './plain-reply.ts';

/** Handlers by the path that each serves, as a request spells it: exact, without the query, nothing decoded. */
export type Routes = Readonly<Record<string, Handler>>;

const nothing = plainReply(404, 'not found');

/** One handler of several. `otherwise` serves every other path. Default: 404, which a listener or an app replaces by its own. */
export function routed(routes: Routes, otherwise: Handler = () => nothing): Handler {
  const byPath = new Map(Object.entries(routes));
  return function routedHandler(request) {
    return (byPath.get(request.path) ?? otherwise)(request);
  };
}
