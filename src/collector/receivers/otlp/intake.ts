/** What becomes of a request's bytes, whichever protocol brought them. */
import { type Batch, createBatchReader, readPooledBatch, releaseBatch } from '../../../otlp/batch/batch.ts';
import type { BatchLimits } from '../../../otlp/batch/batch-limits.ts';
import { divide, isHeavier } from '../../../otlp/batch/rewrite/divide.ts';
import { type Code, codes, type Encoding } from '../../../otlp/export-answers.ts';
import { createJsonReader, jsonToProtobuf } from '../../../otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../otlp/wire/malformed.ts';
import type { ReceiverContext, Transport, Verdict } from '../../component.ts';
import { createJob, type Holds, type Work as WorkOf } from './job.ts';
import type { Intake, Outcome, RefusedRequest, TakenRequest } from './outcome.ts';
import { createPartsTaken, type PartsTaken } from './parts-taken.ts';
import type { Sender } from './sender.ts';
import type { Turns } from './turns.ts';

type Work = WorkOf<Outcome | Promise<Outcome>>;

/** Requests up to this size are read at once: almost all are. */
const small = 65_536;
/** New points, or what weighs as much, that are applied in about 50 ms. */
const mostAtOnce = 12_288;
/** A part of what is more than that: about 5 ms, so that scrapes and others go on beside many such requests. */
const mostOfPart = 1_024;
const gone: RefusedRequest = Object.freeze({ code: codes.unavailable, why: 'nobody waits for the answer' });
const whole: TakenRequest = Object.freeze({ code: undefined, rejected: 0, why: '' });

/** Of a request that was refused whole: as in the Collector, what may be sent again is unavailable, and a permanent error an internal one. */
function codeOf(notTaken: Verdict): Code | undefined {
  if (notTaken?.retryable === true || notTaken?.error === 'retryable') return codes.unavailable;
  return notTaken?.error === 'permanent' ? codes.internal : undefined;
}

type Counts = Pick<Batch, 'points' | 'rejected' | 'why'>;

export function createIntake(context: ReceiverContext, transport: Transport, turns: Turns): Intake {
  const { next, limits, log } = context;
  const batchLimits: BatchLimits = { attributes: limits.maxAttributes, valueBytes: limits.maxValueBytes, buckets: limits.maxBuckets };

  function handOn(batch: Batch): ReturnType<typeof next> {
    try {
      return next(batch);
    } catch (error) {
      context.failed(transport, batch.points);
      throw error;
    }
  }

  function outcomeOf({ points, rejected: wrong, why: whyWrong }: Counts, notTaken: Verdict): Outcome {
    const code = codeOf(notTaken);
    if (code !== undefined) {
      context.refused(transport, points);
      return { code, why: notTaken?.why ?? '' };
    }
    const rejected = wrong + (notTaken?.points ?? 0);
    context.accepted(transport, points - (notTaken?.points ?? 0));
    if (rejected === 0) return whole;
    const why = [whyWrong, notTaken?.why].filter((one) => one !== undefined).join('; ');
    context.refused(transport, rejected);
    context.refusal('rejected_points', why, rejected);
    return { code: undefined, rejected, why };
  }

  function refusedFor(error: unknown): Outcome {
    if (error instanceof MalformedRequest) return { code: codes.invalidArgument, why: error.message };
    log.error(`a request could not be handed on: ${String(error)}`);
    return { code: codes.internal, why: 'internal error' };
  }

  function take(batch: Batch): ReturnType<Intake> {
    // As in the Collector, what has no points goes no further.
    const verdict = batch.points === 0 ? undefined : handOn(batch);
    if (!(verdict instanceof Promise)) {
      releaseBatch(batch);
      return outcomeOf(batch, verdict);
    }
    // Somebody is still at it, so its index is left to them.
    const { points, rejected, why } = batch;
    return verdict.then((known) => outcomeOf({ points, rejected, why }, known));
  }

  /** The sender will send it again: what is not applied by then is not there twice. */
  function abandoned({ points }: Batch, taken: PartsTaken): Outcome {
    context.accepted(transport, taken.taken);
    context.refused(transport, points - taken.taken);
    return gone;
  }

  /** A later part may be refused, too, when others were taken: OTLP has no answer that says which to send again, so these are told as rejected. */
  function* takeParts(batch: Batch, { isGone }: Sender): Work {
    const taken = createPartsTaken();
    for (const part of divide(batch, mostOfPart)) {
      yield 'turn';
      if (isGone()) {
        releaseBatch(batch);
        return abandoned(batch, taken);
      }
      if (part.points === 0) continue;
      const verdict = handOn(part);
      if (verdict instanceof Promise) yield verdict.then((known) => taken.add(part.points, known));
      else taken.add(part.points, verdict);
      if (codeOf(taken.verdict) !== undefined) break;
    }
    releaseBatch(batch);
    return outcomeOf(batch, taken.verdict);
  }

  function* readInSlices(bytes: Uint8Array, encoding: Encoding, from: Sender, holds: Holds): Work {
    let slice = yield 'more';
    let protobuf: Uint8Array | undefined = bytes;
    if (encoding === 'json') {
      const json = createJsonReader(bytes);
      holds.bytes = () => json.held;
      for (protobuf = json.read(slice); protobuf === undefined; protobuf = json.read(slice)) {
        slice = yield 'more';
        if (from.isGone()) return gone;
      }
    }
    const own = protobuf === bytes ? 0 : protobuf.length;
    const reader = createBatchReader(protobuf, batchLimits);
    holds.bytes = () => own + reader.held;
    for (let batch = reader.read(slice); ; batch = reader.read(slice)) {
      slice = yield 'more';
      if (from.isGone()) {
        reader.end();
        if (batch !== undefined) releaseBatch(batch);
        return gone;
      }
      if (batch === undefined) continue;
      const { byteLength } = batch.index;
      holds.bytes = () => own + byteLength;
      return isHeavier(batch, mostAtOnce) ? yield* takeParts(batch, from) : take(batch);
    }
  }

  function* safely(work: Work): Work {
    try {
      return yield* work;
    } catch (error) {
      return refusedFor(error);
    }
  }

  function inTurn(connection: object, isSmall: boolean, make: (holds: Holds) => Work): Promise<Outcome> {
    const holds: Holds = { bytes: () => 0 };
    return new Promise((resolve) => turns.enter(connection, createJob(safely(make(holds)), holds, resolve), isSmall));
  }

  return (bytes, encoding, from) => {
    if (bytes.length > small || !turns.takes(bytes.length))
      return inTurn(from.connection, bytes.length <= small, (holds) => readInSlices(bytes, encoding, from, holds));
    try {
      const batch = readPooledBatch(encoding === 'json' ? jsonToProtobuf(bytes) : bytes, batchLimits);
      return isHeavier(batch, mostAtOnce) ? inTurn(from.connection, false, () => takeParts(batch, from)) : take(batch);
    } catch (error) {
      return refusedFor(error);
    }
  };
}
