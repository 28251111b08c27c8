import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { readStream } from './body.ts';
import type { RequestFacts } from './exchange.ts';
import { parseTarget } from './target.ts';

/**
 * The facts of a request as `node:http` received it. The peer is the socket's address, never what a header claims. `body`: where the body
 * comes from, if a parser or hook stands between.
 */
export function incomingFacts(request: IncomingMessage, target = request.url ?? '/', body: Readable = request): RequestFacts {
  const parsed = parseTarget(target);
  return {
    method: request.method ?? 'GET',
    path: parsed.path,
    get query() {
      return parsed.query;
    },
    header: (name) => headerLines(request.rawHeaders, name),
    source: request,
    body: (maxBytes) => readStream(body, headerLines(request.rawHeaders, 'content-length'), maxBytes),
    peer: request.socket.remoteAddress,
  };
}

/**
 * All lines of a header in their order. Read from the raw headers, because `headers` drops the second line of some, and a request injected
 * by a test (light-my-request) has no `headersDistinct`.
 */
function headerLines(raw: readonly string[], name: string): string | undefined {
  let lines: string | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const header = raw[at] as string;
    if (header.length === name.length && header.toLowerCase() === name)
      lines = lines === undefined ? raw[at + 1] : `${lines}, ${raw[at + 1]}`;
  }
  return lines;
}
