/** A receiver's response to a push: `ExportMetricsServiceResponse` or `google.rpc.Status`, in either encoding, or plain text. */
import type { IncomingMessage } from 'node:http';
import { message, nested, one } from '../../../formats/otlp/wire/messages.ts';
import { readMessage } from '../../../formats/otlp/wire/read-message.ts';
import type { Clean } from './clean.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
  /** False when the response was longer than the limit, or was cut off. */
  readonly whole: boolean;
}

/** The maximum length of a response in bytes; the rest is cut off. A Collector's responses are below 1 kB. */
const maxAnswerBytes = 65_536;

/** Collects the body of a response up to the limit. */
export class AnswerBody {
  private readonly parts: Buffer[] = [];
  private length = 0;

  /** False: there is more than is kept, so that the rest need not be read. */
  add(part: Buffer): boolean {
    if (this.length <= maxAnswerBytes) this.parts.push(Buffer.from(part));
    this.length += part.length;
    return this.length <= maxAnswerBytes;
  }

  /** @param complete the response arrived completely */
  answer(status: number, contentType: string | undefined, complete: boolean): Answer {
    const bytes = Buffer.concat(this.parts).subarray(0, maxAnswerBytes);
    return { status, contentType, bytes, whole: complete && this.length <= maxAnswerBytes };
  }
}

/** Collects a response, and ends it with an error where it is too long. */
export function keepAnswer(response: IncomingMessage): () => Answer {
  const body = new AnswerBody();
  response.on('data', (chunk: Buffer) => {
    if (!body.add(chunk)) response.destroy(new Error('the response is too long'));
  });
  return () => body.answer(response.statusCode ?? 0, response.headers['content-type'], true);
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/**
 * A remark about a push that was accepted; undefined for a full success, such as an empty response or an empty `partial_success`
 * (a Collector sends one). OTLP: if no point was rejected, a message is a warning.
 */
export function remarkOf(answer: Answer, clean: Clean): string | undefined {
  const read = answer.whole ? partialSuccess(answer) : undefined;
  if (read === undefined) {
    const type = clean(answer.contentType ?? 'no content type');
    const begin = JSON.stringify(clean(textOf(answer)));
    const fix = "check that the endpoint is an OTLP receiver's, and that nothing in front of it responds instead";
    return `was answered ${answer.status} with a body that is no response of OTLP (${type}, ${begin}), so it may be lost. Fix: ${fix}`;
  }
  const { rejected, message } = read;
  const quoted = message === '' ? '' : JSON.stringify(clean(message));
  if (rejected > 0) return `was accepted in part only: ${rejected} points rejected${quoted === '' ? '' : `, ${quoted}`}`;
  return quoted === '' ? undefined : `was accepted, with a warning: ${quoted}`;
}

/** How many points of an accepted push the receiver has rejected, as far as its response says. */
export function rejectedOf(answer: Answer): number {
  return Math.max(0, (answer.whole ? partialSuccess(answer) : undefined)?.rejected ?? 0);
}

/** Why a push was rejected: the message of a `Status`, else the text of the response. */
export function messageOf(answer: Answer): string {
  if (isProtobuf(answer)) return statusMessage(answer.bytes);
  const text = textOf(answer);
  try {
    const status: unknown = JSON.parse(text);
    if (typeof status === 'object' && status !== null && 'message' in status && typeof status.message === 'string')
      return status.message;
    // Serialized again, so that escapes hide nothing.
    return JSON.stringify(status);
  } catch {
    return text;
  }
}

/** Protobuf if the receiver declares it, whatever encoding the push had. */
function isProtobuf({ contentType }: Answer): boolean {
  return /^application\/x-protobuf\b/i.test(contentType ?? '');
}

function textOf({ bytes }: Answer): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const full: PartialSuccess = { rejected: 0, message: '' };

/** Undefined when it is not an OTLP response. */
function partialSuccess(answer: Answer): PartialSuccess | undefined {
  try {
    if (isProtobuf(answer)) return fromProtobuf(answer.bytes);
    const text = textOf(answer);
    return text.trim() === '' ? full : fromJson(text);
  } catch {
    return undefined;
  }
}

/** `google.rpc.Status`, without its details. */
const status = message('Status', { message: [2, one('string')] });
const partial = message('ExportMetricsPartialSuccess', {
  rejected_data_points: [1, one('int64')],
  error_message: [2, one('string')],
});
const response = message('ExportMetricsServiceResponse', { partial_success: [1, nested(() => partial)] });

/** The message of a `Status` in protobuf; empty when it cannot be read. */
function statusMessage(body: Uint8Array): string {
  const read: { message?: string } = {};
  try {
    readMessage(status, body, 0, body.length, read);
  } catch {
    // The response is cut off or not protobuf: keep what was read so far.
  }
  return read.message ?? '';
}

function fromProtobuf(body: Uint8Array): PartialSuccess {
  const { partialSuccess = {} } = readMessage(response, body, 0, body.length) as {
    partialSuccess?: { rejectedDataPoints?: bigint; errorMessage?: string };
  };
  return { rejected: Number(partialSuccess.rejectedDataPoints ?? 0), message: partialSuccess.errorMessage ?? '' };
}

/** Proto3 JSON: an int64 is a string or a number, null counts as absent, and unknown fields are ignored. */
function fromJson(body: string): PartialSuccess | undefined {
  const { partialSuccess: partial = null } = fieldsOf(JSON.parse(body)) as { partialSuccess?: unknown };
  if (partial === null) return full;
  const { rejectedDataPoints, errorMessage } = fieldsOf(partial);
  const rejected = Number(rejectedDataPoints ?? 0);
  const message = errorMessage ?? '';
  return Number.isInteger(rejected) && typeof message === 'string' ? { rejected, message } : undefined;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('a message is an object');
  return value as Record<string, unknown>;
}
