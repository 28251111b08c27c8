/** What becomes of a request's bytes, whichever protocol brought them. */
import { createBatchReader, readPooledBatch, releaseBatch } from '../../../formats/otlp/batch/batch.ts';
import type { BatchLimits } from '../../../formats/otlp/batch/batch-limits.ts';
import { isHeavier, type Most } from '../../../formats/otlp/batch/rewrite/divide.ts';
import { codes, type Encoding } from '../../../formats/otlp/export-answers.ts';
import { createJsonReader, jsonToProtobuf } from '../../../formats/otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../formats/otlp/wire/malformed.ts';
import type { ReceiverContext, Transport } from '../../component.ts';
import { gone, HandOn, type Work } from './hand-on.ts';
import { createJob, type Holds } from './job.ts';
import type { Intake, Outcome } from './outcome.ts';
import type { Sender } from './sender.ts';
import type { Turns } from './turns.ts';

/** Requests up to this size are read at once: almost all are. */
const small = 65_536;
/** New points, or what weighs as much, that are applied in about 50 ms; and bytes of buckets and labels. */
const mostAtOnce: Most = { weight: 12_288, bytes: 6 * 1_048_576 };

/** Undefined: the client has left. */
function* protobufOf(
  json: Uint8Array,
  firstSlice: number,
  from: Sender,
  holds: Holds,
): Generator<'more', Uint8Array | undefined, number> {
  const reader = createJsonReader(json);
  holds.bytes = () => reader.held;
  for (let slice = firstSlice; !from.isGone(); slice = yield 'more') {
    const protobuf = reader.read(slice);
    if (protobuf !== undefined) return protobuf;
  }
  return undefined;
}

export function createIntake(context: ReceiverContext, transport: Transport, turns: Turns): Intake {
  const { limits, log } = context;
  const batchLimits: BatchLimits = {
    attributes: limits.maxAttributes,
    valueBytes: limits.maxValueBytes,
    buckets: limits.maxBuckets,
  };
  const handOn = new HandOn(context, transport);

  function refusedFor(error: unknown): Outcome {
    if (error instanceof MalformedRequest) return { code: codes.invalidArgument, why: error.message };
    log.error(`a request could not be handed on: ${String(error)}`);
    return { code: codes.internal, why: 'internal error' };
  }

  function* readInSlices(bytes: Uint8Array, encoding: Encoding, from: Sender, holds: Holds): Work {
    let slice = yield 'more';
    const protobuf = encoding === 'json' ? yield* protobufOf(bytes, slice, from, holds) : bytes;
    if (protobuf === undefined) return gone;
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
      return isHeavier(batch, mostAtOnce) ? yield* handOn.inParts(batch, from) : handOn.whole(batch);
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
      return isHeavier(batch, mostAtOnce)
        ? inTurn(from.connection, false, () => handOn.inParts(batch, from))
        : handOn.whole(batch);
    } catch (error) {
      return refusedFor(error);
    }
  };
}
