/** One unary call: the bytes of one message in, a response out. */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type Code, codes } from '../../../../formats/otlp/export-answers.ts';
import type { AuthRefusal } from '../../../component.ts';
import { type AuthGate, isRetryable, refusalKinds, refusalWords } from '../../../guard/auth.ts';
import type { Compression, Inflater } from '../decompress.ts';
import type { Intake, Outcome } from '../outcome.ts';
import type { ReportRefusal } from '../report-refusal.ts';
import type { Room, WhyGone } from '../room.ts';
import type { Sender } from '../sender.ts';
import type { Turns } from '../turns.ts';
import { type CallHead, readCallHead } from './request-head.ts';
import { sendHeaders, sendTaken, statusHeaders } from './status.ts';
import { createUnaryMessage } from './unary-message.ts';

export interface CallOptions {
  /** Of a message, before and after decompression. */
  readonly maxBytes: number;
  readonly intake: Intake;
  /** Absent: every client may send. */
  readonly auth?: AuthGate | undefined;
  readonly refused: ReportRefusal;
  readonly room: Room;
  readonly turns: Turns;
  readonly inflater: Inflater;
}

const gaveWay: Readonly<Record<WhyGone, string>> = {
  crowded_out: 'too many messages arrive at once; this one has taken the longest',
  too_many: 'too many calls are open at once; this one has taken the longest',
  no_memory: 'what senders make the service hold has reached --max-memory',
};

/** @param raw names and values of the headers in turn */
export function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  raw: readonly string[],
  options: CallOptions,
): void {
  const head = readCallHead(headers);
  if (!('timeout' in head)) {
    sendHeaders(stream, head.headers);
    options.refused(codes.unimplemented, head.message);
  } else if (options.auth === undefined) readMessage(stream, head, options);
  else admit(stream, head, raw, options.auth, options);
}

function admit(
  stream: ServerHttp2Stream,
  head: CallHead,
  rawHeaders: readonly string[],
  gate: AuthGate,
  options: CallOptions,
): void {
  const isGone = () => stream.destroyed;
  function decide(reason: AuthRefusal | undefined): void {
    if (isGone()) return;
    if (reason === undefined) {
      readMessage(stream, head, options);
      return;
    }
    const code = isRetryable(reason) ? codes.unavailable : codes.unauthenticated;
    sendHeaders(stream, statusHeaders(code, refusalWords[reason]));
    options.refused(code, refusalWords[reason], refusalKinds[reason]);
  }
  const verdict = gate.check({ rawHeaders, client: stream.session?.socket.remoteAddress ?? '', isGone });
  if (verdict instanceof Promise) void verdict.then(decide);
  else decide(verdict);
}

function readMessage(stream: ServerHttp2Stream, { compression, timeout }: CallHead, options: CallOptions): void {
  const { maxBytes, intake, refused, room, turns, inflater } = options;
  const from: Sender = { connection: stream.session ?? stream, isGone: () => over };
  const reservation = room.enter(from.connection, (why) =>
    why === 'too_many' ? turnAway() : end(codes.unavailable, gaveWay[why], why),
  );
  const overdue = setTimeout(() => end(codes.deadlineExceeded, 'the call did not end within its time'), timeout);
  const message = createUnaryMessage(maxBytes, compression !== 'identity', reservation);
  let over = false;
  /** The message's bytes are being read. */
  let isRead = false;

  function leave(): void {
    over = true;
    clearTimeout(overdue);
    if (!isRead) release();
  }
  function release(): void {
    isRead = false;
    reservation.leave();
    message.release();
  }
  function end(code: Code, why: string, kind?: string): void {
    if (over) return;
    leave();
    sendHeaders(stream, statusHeaders(code, why));
    refused(code, why, kind);
  }
  /**
   * At once, without the time that a rejected client has to read why: there may be thousands. To a gRPC client this is
   * UNAVAILABLE.
   */
  function turnAway(): void {
    leave();
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
    refused(codes.unavailable, gaveWay.too_many, 'too_many_calls');
  }
  /** `done`: the bytes are not needed any more. */
  function take(bytes: Uint8Array, done: () => void): void {
    const outcome = intake(bytes, 'protobuf', from);
    const finish = (known: Outcome) => {
      done();
      answer(known);
    };
    if (outcome instanceof Promise) outcome.then(finish);
    else finish(outcome);
  }
  function inflate(by: Compression, bytes: Uint8Array): void {
    inflater.inflate({ compression: by, bytes, maxBytes, from, isQuick: () => turns.takes(bytes.length) }, (result, done) => {
      release();
      if (over) done();
      else if (result instanceof Uint8Array) take(result, done);
      else if (result.noMemory) end(codes.unavailable, gaveWay.no_memory, 'no_memory');
      else if (result.tooLarge) end(codes.resourceExhausted, `the message has more than ${maxBytes} bytes once decompressed`);
      else end(codes.internal, `the ${by} message is broken: ${result.why}`);
    });
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
    if ('code' in whole) return end(whole.code, whole.message);
    isRead = true;
    reservation.keep();
    if (!whole.compressed || compression === 'identity') take(whole.bytes, release);
    else inflate(compression, whole.bytes);
  });
}
