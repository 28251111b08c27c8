/** One request over HTTP: why it is rejected, in the Collector's order, before its body is read. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseTarget, plainPath } from '../../../../net/http/target.ts';
import { type HostCheck, hostOfRequest, severalHosts } from '../../../../net/listen/hosts.ts';
import { isGone } from '../../../../net/listen/http-server.ts';
import type { AuthRefusal } from '../../../component.ts';
import type { AuthGate } from '../../../guard/auth.ts';
import type { ApplyCors } from '../../../guard/cors.ts';
import { Exchange, type ExchangeOptions, refuse } from './exchange.ts';
import * as replies from './replies.ts';
import { type RequestHead, readHead } from './request-head.ts';

export interface HandlerOptions extends ExchangeOptions {
  readonly path: string;
  /** Absent: requests for every host are accepted. */
  readonly hosts?: HostCheck | undefined;
  /** Encodings of bodies, '' for none. Absent: all that there are. */
  readonly encodings?: ReadonlySet<string> | undefined;
  /** Sets headers of responses, and responds to preflights. */
  readonly greet?: ApplyCors | undefined;
  /** Absent: every client may send. */
  readonly auth?: AuthGate | undefined;
}

/** `asks`: the client waits for `100 Continue` before it sends the body. */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse, asks: boolean) => void;

export function createHandler(options: HandlerOptions): HandleRequest {
  function refuseSender(
    response: ServerResponse,
    head: RequestHead,
    asks: boolean,
    reason: AuthRefusal,
    { challenge }: AuthGate,
  ): void {
    if (asks) response.shouldKeepAlive = false;
    refuse(response, head.encoding ?? 'json', replies.unauthorized(reason, challenge), options.refused);
  }

  function admit(request: IncomingMessage, response: ServerResponse, head: RequestHead, asks: boolean, gate: AuthGate): void {
    const asking = { rawHeaders: request.rawHeaders, client: request.socket.remoteAddress ?? '', isGone: () => isGone(response) };
    const decide = (reason: AuthRefusal | undefined): void => {
      if (reason !== undefined) refuseSender(response, head, asks, reason, gate);
      // It may have had its response for its slowness while its credentials were checked.
      else if (!response.headersSent && !isGone(response)) serve(request, response, head, asks);
    };
    const verdict = gate.check(asking);
    if (verdict instanceof Promise) void verdict.then(decide);
    else decide(verdict);
  }

  function serve(request: IncomingMessage, response: ServerResponse, head: RequestHead, asks: boolean): void {
    const refusal = headersRefusal(request, head, options);
    const { encoding, compression, announced } = head;
    if (refusal !== undefined || encoding === undefined || compression === 'unknown') {
      // It may send the body none the less, or not: only a new connection is clear.
      if (asks) response.shouldKeepAlive = false;
      refuse(response, encoding, refusal ?? replies.otherType, options.refused);
      return;
    }
    if (asks) response.writeContinue();
    const exchange = new Exchange(options, request, response, encoding, compression);
    exchange.read(announced);
  }

  return (request, response, asks) => {
    if (options.greet?.(request, response) === true) return;
    const head = readHead(request.rawHeaders);
    if (options.auth === undefined) serve(request, response, head, asks);
    else admit(request, response, head, asks, options.auth);
  };
}

function headersRefusal(
  { url = '/', method, rawHeaders }: IncomingMessage,
  head: RequestHead,
  { path, hosts, maxBytes, encodings }: HandlerOptions,
): replies.HttpRefusal | undefined {
  const host = hostOfRequest(rawHeaders, url);
  if (host === null) return replies.unreadable(severalHosts);
  const other = hosts?.(host);
  if (other !== undefined) return replies.misdirected(other);
  if (url !== path && plainPath(parseTarget(url).path) !== path) return replies.notFound;
  if (method !== 'POST') return replies.notPost;
  if (head.encoding === undefined) return replies.otherType;
  if (head.compression === 'unknown') return replies.unknownCompression(head.contentEncoding);
  // As in the Collector, '' means `identity`; the other one is rejected under its own name.
  if (encodings?.has(head.compression === 'identity' ? '' : head.contentEncoding.toLowerCase()) === false)
    return replies.unknownCompression(head.contentEncoding, encodings);
  if (head.announced !== undefined && head.announced > maxBytes) return replies.tooLarge(maxBytes, '');
  return undefined;
}
