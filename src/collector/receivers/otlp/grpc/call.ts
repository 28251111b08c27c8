/** One unary call: the bytes of one message in, an answer out. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { type Code, codes } from '../../../../otlp/export-answers.ts';
import type { AuthRefusal } from '../../../component.ts';
import { type AuthGate, passes, refusalKinds, refusalWords } from '../../../guard/auth.ts';
import { decompress } from '../decompress.ts';
import type { Intake, Outcome } from '../outcome.ts';
import type { Refused } from '../refused.ts';
import type { Room } from '../room.ts';
import { type CallHead, readCallHead } from './request-head.ts';
import { sendHeaders, sendTaken, statusHeaders } from './status.ts';
import { createUnaryMessage } from './unary-message.ts';

export interface CallOptions {
  /** Of a message, before and after decompression. */
  readonly maxBytes: number;
  readonly intake: Intake;
  /** Absent: every client may send. */
  readonly auth?: AuthGate | undefined;
  readonly refused: Refused;
  readonly room: Room;
}

/** @param raw names and values of the headers in turn */
export function answerCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[], options: CallOptions): void {
  // A client that leaves is none of the process's errors.
  stream.on('error', () => {});
  const head = readCallHead(headers);
  if (!('timeout' in head)) {
    sendHeaders(stream, head.headers);
    options.refused(codes.unimplemented, head.message);
  } else if (options.auth === undefined) readMessage(stream, head, options);
  else admit(stream, head, raw, options.auth, options);
}

function admit(stream: ServerHttp2Stream, head: CallHead, rawHeaders: readonly string[], gate: AuthGate, options: CallOptions): void {
  const isGone = () => stream.destroyed;
  function decide(reason: AuthRefusal | undefined): void {
    if (isGone()) return;
    if (reason === undefined) {
      readMessage(stream, head, options);
      return;
    }
    const code = passes(reason) ? codes.unavailable : codes.unauthenticated;
    sendHeaders(stream, statusHeaders(code, refusalWords[reason]));
    options.refused(code, refusalWords[reason], refusalKinds[reason]);
  }
  const verdict = gate.check({ rawHeaders, client: stream.session?.socket.remoteAddress ?? '', isGone });
  if (verdict instanceof Promise) void verdict.then(decide);
  else decide(verdict);
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
