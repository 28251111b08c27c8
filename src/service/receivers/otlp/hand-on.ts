/** Hands a batch on, whole or in parts, and makes an outcome of the verdict. Counts what was accepted and rejected. */
import { type Batch, releaseBatch } from '../../../formats/otlp/batch/batch.ts';
import { divide, type Most } from '../../../formats/otlp/batch/rewrite/divide.ts';
import { type Code, codes } from '../../../formats/otlp/export-answers.ts';
import type { ReceiverContext, Transport, Verdict } from '../../component.ts';
import type { Work as WorkOf } from './job.ts';
import type { Outcome, RefusedRequest, TakenRequest } from './outcome.ts';
import { createPartsTaken } from './parts-taken.ts';
import type { Sender } from './sender.ts';

export type Work = WorkOf<Outcome | Promise<Outcome>>;

/** A part of what is too much for one turn: about 5 ms, so that scrapes and others go on beside many such requests. */
const mostOfPart: Most = { weight: 1_024, bytes: 1_048_576 };
/** For a client that has left. */
export const gone: RefusedRequest = Object.freeze({ code: codes.unavailable, why: 'the client has left' });
const whole: TakenRequest = Object.freeze({ code: undefined, rejected: 0, why: '' });

/**
 * Of a request that was rejected whole: as in the Collector, what may be sent again is unavailable, and a permanent error an
 * internal one.
 */
function codeOf(notTaken: Verdict): Code | undefined {
  if (notTaken?.retryable === true || notTaken?.error === 'retryable') return codes.unavailable;
  return notTaken?.error === 'permanent' ? codes.internal : undefined;
}

type Counts = Pick<Batch, 'points' | 'rejected' | 'why'>;

/** A class: its methods run for each request, and share the context of one receiver. */
export class HandOn {
  private readonly context: ReceiverContext;
  private readonly transport: Transport;

  constructor(context: ReceiverContext, transport: Transport) {
    this.context = context;
    this.transport = transport;
  }

  /** At once. */
  whole(batch: Batch): Outcome | Promise<Outcome> {
    // As in the Collector, what has no points goes no further.
    const verdict = batch.points === 0 ? undefined : this.next(batch);
    // Who needs it longer has copied it.
    releaseBatch(batch);
    if (!(verdict instanceof Promise)) return this.outcomeOf(batch, verdict);
    const { points, rejected, why } = batch;
    return verdict.then((known) => this.outcomeOf({ points, rejected, why }, known));
  }

  /**
   * A later part may be rejected after others were accepted: OTLP has no response that says which to send again, so these points
   * are reported as rejected.
   */
  *inParts(batch: Batch, sender: Sender): Work {
    const taken = createPartsTaken();
    for (const part of divide(batch, mostOfPart)) {
      yield 'turn';
      if (sender.isGone()) {
        releaseBatch(batch);
        return this.abandoned(batch.points, taken.taken);
      }
      if (part.points === 0) continue;
      const verdict = this.next(part);
      if (verdict instanceof Promise) yield verdict.then((known) => taken.add(part.points, known));
      else taken.add(part.points, verdict);
      if (codeOf(taken.verdict) !== undefined) break;
      // The next part is made in this turn if there is time.
      yield 'more';
    }
    releaseBatch(batch);
    return this.outcomeOf(batch, taken.verdict);
  }

  private next(batch: Batch): ReturnType<ReceiverContext['next']> {
    try {
      return this.context.next(batch);
    } catch (error) {
      this.context.failed(this.transport, batch.points);
      throw error;
    }
  }

  private outcomeOf({ points, rejected: wrong, why: whyWrong }: Counts, notTaken: Verdict): Outcome {
    const { context, transport } = this;
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

  /** The sender will send it again: what is not applied by then is not there twice. */
  private abandoned(points: number, taken: number): Outcome {
    this.context.accepted(this.transport, taken);
    this.context.refused(this.transport, points - taken);
    return gone;
  }
}
