/** How gRPC over HTTP/2 writes a response: a message and trailers, or trailers only. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type Code, exportAnswer } from '../../../../formats/otlp/export-answers.ts';
import type { TakenRequest } from '../outcome.ts';

const answered: OutgoingHttpHeaders = Object.freeze({ ':status': 200, 'content-type': 'application/grpc' });
const finished: OutgoingHttpHeaders = Object.freeze({ 'grpc-status': '0' });
const frameHeadBytes = 5;
/** How long a rejected client may go on sending. */
const lingerMs = 1_000;

function sendFinished(this: ServerHttp2Stream): void {
  this.sendTrailers(finished);
}

export function sendTaken(stream: ServerHttp2Stream, { rejected, why }: TakenRequest): void {
  const message = exportAnswer('protobuf', rejected, why);
  const frame = Buffer.alloc(frameHeadBytes + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, frameHeadBytes);
  stream.respond(answered, { waitForTrailers: true });
  stream.once('wantTrailers', sendFinished);
  stream.end(frame);
}

export function statusHeaders(code: Code, message: string): OutgoingHttpHeaders {
  return { ...answered, 'grpc-status': String(code), 'grpc-message': percentEncoded(message) };
}

/** Ends a call without a message. What the client still sends is dropped. */
export function sendHeaders(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(headers, { endStream: true });
  stream.resume();
  // RFC 9113, section 8.1: a server that needs no more of the request says so with NO_ERROR. At once, this would overtake the
  // headers.
  if (!stream.readableEnded) setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), lingerMs).unref();
}

/** As gRPC's `grpc-message` is encoded: space to `~` as they are, without `%`; all other bytes of UTF-8 as `%XX`. */
function percentEncoded(text: string): string {
  return text.replace(/[^ -$&-~]+/g, (others) => Buffer.from(others).toString('hex').toUpperCase().replace(/../g, '%$&'));
}
