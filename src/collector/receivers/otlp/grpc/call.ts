/** One unary call: the bytes of one message in, an answer out. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { type Code, codes } from '../../../../otlp/export-answers.ts';
import { type Arriving, createArriving } from '../arriving.ts';
import { decompress } from '../decompress.ts';
import type { Intake } from '../intake.ts';
import type { Room } from '../room.ts';
import { type CallHead, readCallHead } from './request-head.ts';
import { sendHttpStatus, sendStatus, sendTaken } from './status.ts';

export interface CallOptions {
  /** Of a message, before and after decompression. */
  readonly maxBytes: number;
  readonly intake: Intake;
  readonly room: Room;
}

/** A flag, and the length of the message in four bytes. */
const headBytes = 5;

export function answerCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: CallOptions): void {
  // A client that leaves is none of the process's errors.
  stream.on('error', () => {});
  const head = readCallHead(headers);
  if ('timeout' in head) readMessage(stream, head, options);
  else if ('http' in head) sendHttpStatus(stream, head.http);
  else sendStatus(stream, head.code, head.message, head.headers);
}

function readMessage(stream: ServerHttp2Stream, { compression, timeout }: CallHead, { maxBytes, intake, room }: CallOptions): void {
  const place = room.enter(() => end(codes.unavailable, 'too many messages arrive at once; this one has taken the longest'));
  const overdue = setTimeout(() => end(codes.deadlineExceeded, 'the call did not end within its time'), timeout);
  const first = Buffer.alloc(headBytes);
  let headLength = 0;
  let length = 0;
  let arriving: Arriving | undefined;
  let over = false;

  function leave(): void {
    over = true;
    clearTimeout(overdue);
    place.leave();
  }
  function end(code: Code, message: string): void {
    if (over) return;
    leave();
    sendStatus(stream, code, message);
  }

  function add(chunk: Buffer): void {
    if (over) return;
    let rest = chunk;
    if (headLength < headBytes) {
      const taken = chunk.copy(first, headLength, 0, headBytes - headLength);
      headLength += taken;
      if (headLength < headBytes) return;
      length = first.readUInt32BE(1);
      const why = flawOf(first[0] as number, compression);
      if (why !== undefined) return end(codes.internal, why);
      if (length > maxBytes) return end(codes.resourceExhausted, `the message has ${length} bytes, the limit is ${maxBytes}`);
      arriving = createArriving(length, length, place);
      rest = chunk.subarray(taken);
    }
    if (rest.length > 0 && arriving?.add(rest) === false) end(codes.internal, 'a unary call has one message, and bytes follow it');
  }

  function take(bytes: Uint8Array): void {
    leave();
    if (stream.destroyed) return;
    const outcome = intake(bytes, 'protobuf');
    if (outcome.code === undefined) sendTaken(stream, outcome);
    else sendStatus(stream, outcome.code, outcome.why);
  }

  stream.on('data', add);
  stream.once('close', leave);
  stream.once('end', () => {
    if (over) return;
    if (arriving === undefined) return end(codes.internal, headLength === 0 ? 'the call has no message' : 'the message has no whole head');
    if (arriving.length < length) return end(codes.internal, `the message has ${arriving.length} bytes, its head says ${length}`);
    if (first[0] === 0 || compression === 'identity') return take(arriving.whole());
    decompress(compression, arriving.whole(), maxBytes, (result) => {
      if (over) return;
      if (result instanceof Uint8Array) take(result);
      else if (result.tooLarge) end(codes.resourceExhausted, `the message is larger than ${maxBytes} bytes once decompressed`);
      else end(codes.internal, `the ${compression} message is broken: ${result.why}`);
    });
  });
}

function flawOf(flag: number, compression: string): string | undefined {
  if (flag > 1) return `the first byte of a message is 0 or 1, not ${flag}`;
  return flag === 1 && compression === 'identity' ? 'the message is compressed, and grpc-encoding does not say how' : undefined;
}
