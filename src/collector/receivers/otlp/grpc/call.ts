/** One unary call: the bytes of one message in, an answer out. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { type Code, codes } from '../../../../otlp/export-answers.ts';
import { decompress } from '../decompress.ts';
import type { Refused } from '../otlp-server.ts';
import type { Intake, Outcome } from '../outcome.ts';
import type { Room } from '../room.ts';
import { type CallHead, readCallHead } from './request-head.ts';
import { sendHeaders, sendTaken, statusHeaders } from './status.ts';
import { createUnaryMessage } from './unary-message.ts';

export interface CallOptions {
  /** Of a message, before and after decompression. */
  readonly maxBytes: number;
  readonly intake: Intake;
  readonly refused: Refused;
  readonly room: Room;
}

export function answerCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: CallOptions): void {
  // A client that leaves is none of the process's errors.
  stream.on('error', () => {});
  const head = readCallHead(headers);
  if ('timeout' in head) readMessage(stream, head, options);
  else {
    sendHeaders(stream, head.headers);
    options.refused(codes.unimplemented, head.message);
  }
}

function readMessage(stream: ServerHttp2Stream, { compression, timeout }: CallHead, options: CallOptions): void {
  const { maxBytes, intake, refused, room } = options;
  const place = room.enter(() => end(codes.unavailable, 'too many messages arrive at once; this one has taken the longest'));
  const overdue = setTimeout(() => end(codes.deadlineExceeded, 'the call did not end within its time'), timeout);
  const message = createUnaryMessage(maxBytes, compression !== 'identity', place);
  let over = false;

  function leave(): void {
    over = true;
    clearTimeout(overdue);
    place.leave();
    message.release();
  }
  function end(code: Code, why: string): void {
    if (over) return;
    leave();
    sendHeaders(stream, statusHeaders(code, why));
    refused(code, why);
  }
  function take(bytes: Uint8Array): void {
    const outcome = intake(bytes, 'protobuf');
    if (outcome instanceof Promise) outcome.then(answer);
    else answer(outcome);
  }
  function answer(outcome: Outcome): void {
    if (over) return;
    if (outcome.code === undefined) {
      leave();
      sendTaken(stream, outcome);
    } else end(outcome.code, outcome.why);
  }

  stream.on('data', (chunk: Buffer) => {
    const fault = over ? undefined : message.add(chunk);
    if (fault !== undefined) end(fault.code, fault.message);
  });
  stream.once('close', leave);
  stream.once('end', () => {
    if (over) return;
    const whole = message.whole();
    if ('code' in whole) end(whole.code, whole.message);
    else if (!whole.compressed || compression === 'identity') take(whole.bytes);
    else
      decompress(compression, whole.bytes, maxBytes, (result) => {
        if (over) return;
        if (result instanceof Uint8Array) take(result);
        else if (result.tooLarge) end(codes.resourceExhausted, `the message has more than ${maxBytes} bytes once decompressed`);
        else end(codes.internal, `the ${compression} message is broken: ${result.why}`);
      });
  });
}
