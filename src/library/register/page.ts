/** One exposition of several bridges: their expositions one after the other, a family of two bridges as the first one has it. */
import type { Handler, RequestFacts } from '../../net/http/exchange.ts';
import { joinPages } from './join-pages.ts';

/**
 * `sources`: those that are in the exposition, in their order. `onTwice` is called with the families that a later one has, too.
 */
export function pageOfAll(sources: () => readonly Handler[], onTwice: (names: readonly string[]) => void): Handler {
  return async (request) => {
    const [first, ...others] = sources();
    if (first === undefined) return { status: 404, headers: {}, body: new Uint8Array() };
    if (request.method !== 'GET' || others.length === 0) return first(request);
    const head = await first(asking(request, request.header('accept')));
    if (head.status !== 200) return head;
    // The format that a client without a preference gets is the first one's.
    const alike = asking(request, head.headers['content-type']);
    const replies = [head, ...(await Promise.all(others.map((scrape) => scrape(alike))))];
    const failed = replies.find(({ status }) => status !== 200);
    const { body, twice } = joinPages(
      replies.map((reply) => reply.body),
      head.headers['content-type'] ?? '',
    );
    for (const reply of replies) if (reply !== failed) reply.sent?.();
    if (failed !== undefined) return failed;
    if (twice.length > 0) onTwice(twice);
    return { status: 200, headers: head.headers, body };
  };
}

/** Uncompressed: compressed expositions cannot be joined. */
function asking(request: RequestFacts, accept: string | undefined): RequestFacts {
  const { method, path, query, peer } = request;
  const header = (name: string): string | undefined => {
    if (name === 'accept') return accept;
    return name === 'accept-encoding' ? undefined : request.header(name);
  };
  return { method, path, query, peer, header };
}
