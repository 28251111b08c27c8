/** What a rejected client receives. Data, so that it is the same in every thread. */
import type { Reply } from '../http/exchange.ts';

/** A constant response. */
export interface FixedReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const encoder = new TextEncoder();

export function replyFrom({ status, headers, body }: FixedReply): Reply {
  return Object.freeze({ status, headers, body: encoder.encode(body) });
}

function fixed(status: number, headers: Readonly<Record<string, string>>, body: string): FixedReply {
  return Object.freeze({ status, headers: Object.freeze(headers), body });
}

/** Hides the endpoint: a Fastify app and the dedicated listener respond with their own 404. */
export function notFound(): FixedReply {
  return fixed(404, { 'content-type': 'text/plain; charset=utf-8' }, 'not found\n');
}

/**
 * 401 without a body. `challenge` adds `WWW-Authenticate: Bearer` (RFC 9110, section 11.6.1): where a token would help. Default
 * true.
 */
export function unauthorized({ challenge = true }: { readonly challenge?: boolean } = {}): FixedReply {
  return fixed(401, challenge ? { 'www-authenticate': 'Bearer' } : {}, '');
}

/** A body of `{"error":…,"code":…}`, as JSON services use it. */
export function jsonError(status: number, error: string): FixedReply {
  return fixed(status, { 'content-type': 'application/json' }, JSON.stringify({ error, code: status }));
}
