import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type ReadBody, readStream } from './body.ts';
import type { RequestFacts } from './exchange.ts';
import { parseTarget, type Target } from './target.ts';

/**
 * The facts of a request as `node:http` received it. The peer is the socket's address, never what a header claims. `body`: where
 * the body comes from, if a parser or hook comes between.
 */
export function incomingFacts(request: IncomingMessage, target = request.url ?? '/', body: Readable = request): RequestFacts {
  return new IncomingFacts(request, parseTarget(target), body);
}

/** A class for its getter, as `ParsedTarget` is. `header` and `body` are properties, so that callers can take them off. */
class IncomingFacts implements RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly header: RequestFacts['header'];
  readonly source: IncomingMessage;
  readonly body: ReadBody;
  readonly peer: string | undefined;
  private readonly target: Target;

  constructor(request: IncomingMessage, target: Target, body: Readable) {
    this.method = request.method ?? 'GET';
    this.path = target.path;
    this.header = (name) => headerLines(request.rawHeaders, name);
    this.source = request;
    this.body = (maxBytes) => readStream(body, headerLines(request.rawHeaders, 'content-length'), maxBytes);
    this.peer = request.socket.remoteAddress;
    this.target = target;
  }

  get query(): URLSearchParams {
    return this.target.query;
  }
}

/**
 * All lines of a header in their order. Read from the raw headers, because `headers` drops the second line of some, and a request
 * injected by a test (light-my-request) has no `headersDistinct`.
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
