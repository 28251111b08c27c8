import { publicFunctions } from '../../core/errors/caller.ts';
import { answer, headersOf } from './answer.ts';
import { readFetched } from './body.ts';
import { checkHandler } from './check-handler.ts';
import type { Handler } from './exchange.ts';
import { parseTarget } from './target.ts';

/**
 * A handler for runtimes and frameworks that use Fetch. A `Request` does not expose the socket, so `peer`, the client's address,
 * is an argument; without it an access rule for loopback clients rejects every request.
 * @throws OPTION_INVALID
 */
export function fetchHandler(handler: Handler): (request: Request, peer?: string) => Promise<Response> {
  checkHandler(handler, 'fetchHandler()');
  return async (request, peer) => {
    const { path, query } = parseTarget(request.url);
    const reply = await answer(handler, {
      method: request.method,
      path,
      query,
      // Fetch already joins the lines of a header with a comma.
      header: (name) => request.headers.get(name) ?? undefined,
      source: request,
      body: (maxBytes) => readFetched(request, maxBytes),
      peer,
    });
    const bodiless = request.method === 'HEAD' || reply.body.byteLength === 0;
    // A copy, because a `Response` may transfer its bytes to another thread, and a reply's bytes are shared.
    const body = bodiless ? null : new Uint8Array(reply.body);
    reply.sent?.();
    return new Response(body, { status: reply.status, headers: headersOf(reply, request.method) });
  };
}

publicFunctions(fetchHandler);
