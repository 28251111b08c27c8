/** A call's headers, or why they make it invalid. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { codes } from '../../../../formats/otlp/export-answers.ts';
import type { Compression } from '../decompress.ts';
import { statusHeaders } from './status.ts';

export interface CallHead {
  readonly compression: Compression | 'identity';
  /** Milliseconds. */
  readonly timeout: number;
}

export interface HeadRefusal {
  readonly message: string;
  readonly headers: OutgoingHttpHeaders;
}

const service = 'opentelemetry.proto.collector.metrics.v1.MetricsService';
const path = `/${service}/Export`;
const grpcType = /^application\/grpc(\+proto)?\s*(;|$)/i;
const encodings = ['identity', 'deflate', 'gzip', 'zstd'] as const;
const acceptedEncodings = encodings.join(',');
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
/** For a call without `grpc-timeout`, and the longest that a call may set. */
const longestMs = 60_000;

export function readCallHead(headers: IncomingHttpHeaders): CallHead | HeadRefusal {
  const {
    'content-type': type = '',
    ':path': asked = '',
    'grpc-encoding': encoding = 'identity',
    'grpc-timeout': timeout,
  } = headers;
  if (type !== 'application/grpc' && !grpcType.test(type))
    return withoutStatus(415, `content-type is ${type}, not application/grpc`);
  if (headers[':method'] !== 'POST') return withoutStatus(405, 'gRPC calls are POST');
  if (asked !== path) return unimplemented(`unknown method ${asked}; this is ${path}`);
  const compression = encodings.find((one) => one === encoding);
  if (compression === undefined)
    return unimplemented(`grpc-encoding ${String(encoding)} is not supported; supported: ${acceptedEncodings}`);
  if (timeout === undefined) return { compression, timeout: longestMs };
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(timeout)) ?? [];
  if (digits === undefined) return withoutStatus(400, `malformed grpc-timeout: ${String(timeout)}`);
  return { compression, timeout: Math.min(Number(digits) * (unitMs[unit] ?? 0), longestMs) };
}

/** For what does not speak gRPC: it reads HTTP's status. */
function withoutStatus(status: number, message: string): HeadRefusal {
  return { message, headers: { ':status': status } };
}

function unimplemented(message: string): HeadRefusal {
  return { message, headers: { ...statusHeaders(codes.unimplemented, message), 'grpc-accept-encoding': acceptedEncodings } };
}
