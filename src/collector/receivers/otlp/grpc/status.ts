/** How gRPC over HTTP/2 writes an answer: a message and trailers, or trailers only. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type Code, exportAnswer } from '../../../../otlp/export-answers.ts';
import type { Taken } from '../intake.ts';

export const acceptedEncodings = 'identity,deflate,gzip';

const answered: OutgoingHttpHeaders = Object.freeze({ ':status': 200, 'content-type': 'application/grpc' });
const finished: OutgoingHttpHeaders = Object.freeze({ 'grpc-status': '0' });
const frameHeadBytes = 5;
const emptyFrame = Buffer.alloc(frameHeadBytes);

function sendFinished(this: ServerHttp2Stream): void {
  this.sendTrailers(finished);
}

export function sendTaken(stream: ServerHttp2Stream, { rejected, why }: Taken): void {
  stream.respond(answered, { waitForTrailers: true });
  stream.once('wantTrailers', sendFinished);
  stream.end(rejected === 0 && why === '' ? emptyFrame : frameOf(exportAnswer('protobuf', rejected, why)));
}

function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(frameHeadBytes + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, frameHeadBytes);
  return frame;
}

/** Ends a call without a message. What the client still sends is dropped. */
export function sendStatus(stream: ServerHttp2Stream, code: Code, message: string, headers: OutgoingHttpHeaders = {}): void {
  endWith(stream, { ...answered, 'grpc-status': String(code), 'grpc-message': percentEncoded(message), ...headers });
}

/** For a client that does not speak gRPC: it sees HTTP's status alone. */
export function sendHttpStatus(stream: ServerHttp2Stream, status: number): void {
  endWith(stream, { ':status': status });
}

function endWith(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(headers, { endStream: true });
  stream.resume();
  // RFC 9113, section 8.1: a server that needs no more of the request says so with NO_ERROR.
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** As gRPC's `grpc-message` wants it: space to `~` as they are, without `%`; all other bytes of UTF-8 as `%XX`. */
function percentEncoded(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
