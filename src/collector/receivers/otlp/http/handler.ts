/** One request over HTTP: what it is refused for, in the Collector's order, or what became of its points. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { parseTarget, plainPath } from '../../../../http/target.ts';
import type { HostCheck } from '../../../../listen/hosts.ts';
import { isGone, isHttp2 } from '../../../../listen/http-server.ts';
import type { Encoding } from '../../../../otlp/export-answers.ts';
import type { AuthRefusal } from '../../../component.ts';
import type { AuthGate } from '../../../guard/auth.ts';
import type { ApplyCors } from '../../../guard/cors.ts';
import type { Compressed, Inflater } from '../decompress.ts';
import type { Intake, Outcome } from '../outcome.ts';
import type { ReportRefusal } from '../report-refusal.ts';
import type { Room } from '../room.ts';
import type { Sender } from '../sender.ts';
import type { Turns } from '../turns.ts';
import { readBody } from './read-body.ts';
import * as replies from './replies.ts';
import { type RequestHead, readHead } from './request-head.ts';

export interface HandlerOptions {
  readonly path: string;
  /** Before and after decompression. */
  readonly maxBytes: number;
  readonly intake: Intake;
  /** Absent: requests for every host are taken. */
  readonly hosts?: HostCheck | undefined;
  /** Encodings of bodies, '' for none. Absent: all that there are. */
  readonly encodings?: ReadonlySet<string> | undefined;
  /** Sets headers of answers, and answers preflights. */
  readonly greet?: ApplyCors | undefined;
  /** Absent: every client may send. */
  readonly auth?: AuthGate | undefined;
  readonly refused: ReportRefusal;
  readonly room: Room;
  readonly turns: Turns;
  readonly inflater: Inflater;
  /** A request whose body is not there at once begins to wait for it: whoever ends the wait calls `refuse`. */
  waits(request: IncomingMessage, refuse: (refusal: replies.HttpRefusal) => void): void;
  /** It waits no longer. */
  arrived(request: IncomingMessage): void;
}

/** `asks`: the client waits for `100 Continue` before it sends the body. */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse, asks: boolean) => void;

export function createHandler(options: HandlerOptions): HandleRequest {
  const { maxBytes, intake, room, turns, inflater, waits, arrived } = options;

  function refuse(response: ServerResponse, encoding: Encoding | undefined, refusal: replies.HttpRefusal): void {
    if (response.headersSent || isGone(response)) return;
    replies.sendRefusal(response, encoding, refusal);
    options.refused(refusal.code, refusal.message, refusal.kind);
  }

  /** `leave`: the bytes are not needed any more. */
  function take(response: ServerResponse, encoding: Encoding, bytes: Uint8Array, from: Sender, leave: () => void): void {
    const outcome = intake(bytes, encoding, from);
    if (outcome instanceof Promise)
      outcome.then((known) => {
        leave();
        answer(response, encoding, known);
      });
    else {
      leave();
      answer(response, encoding, outcome);
    }
  }

  function answer(response: ServerResponse, encoding: Encoding, outcome: Outcome): void {
    if (outcome.code !== undefined) refuse(response, encoding, replies.replyToRefused(outcome));
    else if (!isGone(response)) replies.sendTaken(response, encoding, outcome);
  }

  function inflate(response: ServerResponse, encoding: Encoding, body: Compressed, leave: () => void): void {
    const { compression, from } = body;
    inflater.inflate(body, (result, release) => {
      leave();
      // Nothing is applied for a client that has left or was answered: it sends the request again.
      if (from.isGone()) release();
      else if (result instanceof Uint8Array) take(response, encoding, result, from, release);
      else if (result.noMemory) refuse(response, encoding, replies.noMemory);
      else if (result.tooLarge) refuse(response, encoding, replies.tooLarge(maxBytes, ' once decompressed'));
      else refuse(response, encoding, replies.unreadable(`the ${compression} body is broken: ${result.why}`));
    });
  }

  function refuseSender(response: ServerResponse, head: RequestHead, asks: boolean, reason: AuthRefusal, { challenge }: AuthGate): void {
    if (asks) response.shouldKeepAlive = false;
    refuse(response, head.encoding ?? 'json', replies.unauthorized(reason, challenge));
  }

  function admit(request: IncomingMessage, response: ServerResponse, head: RequestHead, asks: boolean, gate: AuthGate): void {
    const asking = { rawHeaders: request.rawHeaders, client: request.socket.remoteAddress ?? '', isGone: () => isGone(response) };
    const decide = (reason: AuthRefusal | undefined): void => {
      if (reason !== undefined) refuseSender(response, head, asks, reason, gate);
      // It may have been answered for its slowness while its credentials were checked.
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
      refuse(response, encoding, refusal ?? replies.otherType);
      return;
    }
    if (asks) response.writeContinue();
    const connection = connectionOf(request);
    const from: Sender = { connection, isGone: () => response.headersSent || isGone(response) };
    readBody(
      request,
      { connection, announced, maxBytes, room },
      {
        whole(bytes, leave) {
          arrived(request);
          if (compression === 'identity') take(response, encoding, bytes, from, leave);
          else inflate(response, encoding, { compression, bytes, maxBytes, from, isQuick: () => turns.takes(bytes.length) }, leave);
        },
        tooLarge() {
          arrived(request);
          refuse(response, encoding, replies.tooLarge(maxBytes, ''));
        },
        giveWay(why) {
          arrived(request);
          refuse(response, encoding, why === 'no_memory' ? replies.noMemory : replies.crowdedOut);
        },
        waits: () => waits(request, (reason) => refuse(response, encoding, reason)),
        gone: () => arrived(request),
      },
    );
  }

  return (request, response, asks) => {
    if (options.greet?.(request, response) === true) return;
    const head = readHead(request.rawHeaders);
    if (options.auth === undefined) serve(request, response, head, asks);
    else admit(request, response, head, asks, options.auth);
  };
}

function headersRefusal(
  { url = '/', method }: IncomingMessage,
  head: RequestHead,
  { path, hosts, maxBytes, encodings }: HandlerOptions,
): replies.HttpRefusal | undefined {
  const other = hosts?.(head.host);
  if (other !== undefined) return replies.misdirected(other);
  if (url !== path && plainPath(parseTarget(url).path) !== path) return replies.notFound;
  if (method !== 'POST') return replies.notPost;
  if (head.encoding === undefined) return replies.otherType;
  if (head.compression === 'unknown') return replies.unknownCompression(head.contentEncoding);
  // As in the Collector, `identity` is what '' stands for; the other one is refused under its own name.
  if (encodings?.has(head.compression === 'identity' ? '' : head.contentEncoding.toLowerCase()) === false)
    return replies.unknownCompression(head.contentEncoding, encodings);
  if (head.announced !== undefined && head.announced > maxBytes) return replies.tooLarge(maxBytes, '');
  return undefined;
}

/** Requests over HTTP/2 share one. */
function connectionOf(request: IncomingMessage): object {
  return (isHttp2(request) ? (request as unknown as Http2ServerRequest).stream.session : undefined) ?? request.socket;
}
