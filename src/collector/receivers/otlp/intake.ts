/** What becomes of a request's bytes, whichever protocol brought them. */
import { type Batch, readPooledBatch, releaseBatch } from '../../../otlp/batch/batch.ts';
import type { BatchLimits } from '../../../otlp/batch/batch-limits.ts';
import { type Code, codes } from '../../../otlp/export-answers.ts';
import { jsonToProtobuf } from '../../../otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../otlp/wire/malformed.ts';
import type { ReceiverGiven, Transport, Verdict } from '../../component.ts';
import type { Intake, Outcome, Taken } from './outcome.ts';

const whole: Taken = Object.freeze({ code: undefined, rejected: 0, why: '' });

/** Of a request that was refused whole: as in the Collector, what may be sent again is unavailable, and a permanent error an internal one. */
function codeOf(notTaken: Verdict): Code | undefined {
  if (notTaken?.passes === true || notTaken?.error === 'passes') return codes.unavailable;
  return notTaken?.error === 'permanent' ? codes.internal : undefined;
}

type Counts = Pick<Batch, 'points' | 'rejected' | 'why'>;

export function createIntake(given: ReceiverGiven, transport: Transport): Intake {
  const { next, limits, log } = given;
  const batchLimits: BatchLimits = { attributes: limits.maxAttributes, valueBytes: limits.maxValueBytes };

  function handOn(batch: Batch): ReturnType<typeof next> {
    try {
      return next(batch);
    } catch (error) {
      given.failed(transport, batch.points);
      throw error;
    }
  }

  function outcomeOf({ points, rejected: wrong, why: whyWrong }: Counts, notTaken: Verdict): Outcome {
    const code = codeOf(notTaken);
    if (code !== undefined) {
      given.refused(transport, points);
      return { code, why: notTaken?.why ?? '' };
    }
    const rejected = wrong + (notTaken?.points ?? 0);
    given.accepted(transport, points - (notTaken?.points ?? 0));
    if (rejected === 0) return whole;
    const why = [whyWrong, notTaken?.why].filter((one) => one !== undefined).join('; ');
    given.refused(transport, rejected);
    given.refusal('rejected_points', why, rejected);
    return { code: undefined, rejected, why };
  }

  function take(bytes: Uint8Array): ReturnType<Intake> {
    const batch = readPooledBatch(bytes, batchLimits);
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

  return (bytes, encoding) => {
    try {
      return take(encoding === 'json' ? jsonToProtobuf(bytes) : bytes);
    } catch (error) {
      if (error instanceof MalformedRequest) return { code: codes.invalidArgument, why: error.message };
      log.error(`a request could not be handed on: ${String(error)}`);
      return { code: codes.internal, why: 'internal error' };
    }
  };
}
