/** What a receiver says to a push: `ExportMetricsServiceResponse` or `google.rpc.Status`, in either encoding, or just a text. */
import { WireReader } from '../otlp/wire-reader.ts';
import { serverMessage } from './failure.ts';

interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** Protobuf if the receiver says so, whatever the push was. */
export function isProtobuf(contentType: string | undefined): boolean {
  return /^application\/x-protobuf\b/i.test(contentType ?? '');
}

/** Undefined for a full success, as an empty `partial_success` is (a Collector sends one). */
export function partialSuccess(body: Uint8Array | string | undefined): string | undefined {
  try {
    const { rejected, message } = typeof body === 'object' ? fromProtobuf(body) : fromJson(body ?? '{}');
    if (!(rejected > 0) && message === '') return undefined;
    return `${rejected} points rejected, ${JSON.stringify(serverMessage(message))}`;
  } catch {
    return undefined;
  }
}

/** The message of a `Status` in protobuf; empty when there is none to be read. */
export function statusMessage(body: Uint8Array): string {
  const reader = new WireReader(body);
  let message = '';
  try {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === tags.message) message = reader.string();
      else reader.skip(tag % 8);
    }
  } catch {
    // Cut off, or no protobuf: what was read so far is all there is.
  }
  return message;
}

/** Field number times 8, plus wire type. `Status.message` and `ExportMetricsPartialSuccess.error_message` are both the second field. */
const tags = { partialSuccess: 1 * 8 + 2, rejected: 1 * 8, message: 2 * 8 + 2 } as const;

function fromProtobuf(body: Uint8Array): PartialSuccess {
  const reader = new WireReader(body);
  let rejected = 0;
  let message = '';
  while (!reader.done) {
    const tag = reader.tag();
    if (tag !== tags.partialSuccess) {
      reader.skip(tag % 8);
      continue;
    }
    const outer = reader.enter();
    while (!reader.done) {
      const inner = reader.tag();
      if (inner === tags.rejected) rejected = reader.int64();
      else if (inner === tags.message) message = reader.string();
      else reader.skip(inner % 8);
    }
    reader.leave(outer);
  }
  return { rejected, message };
}

function fromJson(body: string): PartialSuccess {
  const { partialSuccess: said } = JSON.parse(body) as { partialSuccess?: { rejectedDataPoints?: unknown; errorMessage?: unknown } };
  return { rejected: Number(said?.rejectedDataPoints ?? 0), message: String(said?.errorMessage ?? '') };
}
