/** What a call's headers say, or why it is refused for them. */
import type { IncomingHttpHeaders } from 'node:http2';
import { type Code, codes } from '../../../../otlp/export-answers.ts';
import type { Compression } from '../decompress.ts';
import { acceptedEncodings } from './status.ts';

export interface CallHead {
  readonly compression: Compression | 'identity';
  /** Milliseconds. */
  readonly timeout: number;
}

export type HeadRefusal =
  | { readonly http: number }
  | { readonly code: Code; readonly message: string; readonly headers?: Readonly<Record<string, string>> };

const service = 'opentelemetry.proto.collector.metrics.v1.MetricsService';
const path = `/${service}/Export`;
const grpcType = /^application\/grpc(\+proto)?\s*(;|$)/i;
/** Digits, at most eight, and a unit. */
const timeoutForm = /^(\d{1,8})([HMSmun])$/;
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
/** For a call without `grpc-timeout`, and the longest that one may ask for. */
export const longestMs = 60_000;

export function readCallHead(headers: IncomingHttpHeaders): CallHead | HeadRefusal {
  const type = headers['content-type'];
  if (type !== 'application/grpc' && !grpcType.test(type ?? '')) return { http: 415 };
  if (headers[':method'] !== 'POST') return { http: 405 };
  if (headers[':path'] !== path) return unknownMethod(headers[':path'] ?? '');
  const compression = headers['grpc-encoding'] ?? 'identity';
  if (compression !== 'identity' && compression !== 'gzip' && compression !== 'deflate') {
    const message = `grpc-encoding ${String(compression)} is not supported; supported: ${acceptedEncodings}`;
    return { code: codes.unimplemented, message, headers: { 'grpc-accept-encoding': acceptedEncodings } };
  }
  const asked = headers['grpc-timeout'];
  if (asked === undefined) return { compression, timeout: longestMs };
  const [, digits, unit = ''] = timeoutForm.exec(String(asked)) ?? [];
  if (digits === undefined) return { code: codes.internal, message: `malformed grpc-timeout: ${String(asked)}` };
  return { compression, timeout: Math.min(Number(digits) * (unitMs[unit] ?? 0), longestMs) };
}

/** In the words of gRPC's Go server. */
function unknownMethod(asked: string): HeadRefusal {
  const [, called = '', method = ''] = asked.split('/');
  const message = called === service ? `unknown method ${method} for service ${service}` : `unknown service ${called}`;
  return { code: codes.unimplemented, message };
}
