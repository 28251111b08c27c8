/** The edge: it turns whatever a handler does into a reply. */
import type { Handler, Reply, RequestFacts } from './exchange.ts';
import { plainReply } from './plain-reply.ts';

/** A handler that throws gives status 500, and its error does not reach the client. Synchronous if the handler is. */
export function answer(handler: Handler, request: RequestFacts): Promise<Reply> | Reply {
  try {
    const reply = handler(request);
    return 'then' in reply ? reply.then(undefined, failed) : reply;
  } catch {
    return failed();
  }
}

function failed(): Reply {
  return plainReply(500, 'internal error');
}

/**
 * The headers to send. A reply to HEAD has no body on the wire; its length is stated only where the handler gave a body, since
 * the length of a body that was not computed is unknown (RFC 9110, section 9.3.2).
 */
export function headersOf(reply: Reply, method: string): Readonly<Record<string, string>> {
  if (method === 'HEAD' && reply.body.byteLength === 0) return reply.headers;
  return { ...reply.headers, 'content-length': String(reply.body.byteLength) };
}
