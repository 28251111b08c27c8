/** Calls over gRPC, and where the answers differ. */
import type { OutgoingHttpHeaders } from 'node:http2';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { frame } from '../../service/receivers/otlp/grpc-client.ts';
import { type Differs, whole } from './answers.ts';

export interface GrpcAnswer {
  readonly status: number;
  readonly grpcStatus: number | undefined;
  /** Without its frame, uncompressed. */
  readonly body: string;
}

export interface GrpcCase {
  readonly headers?: OutgoingHttpHeaders;
  readonly body: Uint8Array;
  readonly differs?: Differs<GrpcAnswer>;
}

/** The stream is reset. */
export const reset: GrpcAnswer = { status: 0, grpcStatus: undefined, body: '' };
const nothing = Buffer.alloc(0);
const framed = frame(nothing);
const grpc = (norm: string, collector: Partial<GrpcAnswer>, service: Partial<GrpcAnswer>) => ({
  heading: 'Codes over gRPC',
  norm,
  collector,
  service,
});
const encodings = (collector: Partial<GrpcAnswer>, service: Partial<GrpcAnswer>) => ({
  heading: 'Encodings over gRPC',
  norm: 'ours',
  collector,
  service,
});
const types = { ...encodings({}, {}), heading: 'Content types of gRPC' };
const grpcTaken = { ...whole, collector: { body: '\n\0' }, service: { body: '' } };

export const grpcCases: Readonly<Record<string, GrpcCase>> = {
  empty: { body: framed, differs: grpcTaken },
  'application/grpc+proto': { headers: { 'content-type': 'application/grpc+proto' }, body: framed, differs: grpcTaken },
  gzip: { headers: { 'grpc-encoding': 'gzip' }, body: frame(gzipSync(nothing), 1), differs: grpcTaken },
  zstd: { headers: { 'grpc-encoding': 'zstd' }, body: frame(zstdCompressSync(nothing), 1), differs: grpcTaken },
  'zstd, broken': { headers: { 'grpc-encoding': 'zstd' }, body: frame(Buffer.from('no zstd'), 1) },
  deflate: {
    headers: { 'grpc-encoding': 'deflate' },
    body: frame(deflateSync(nothing), 1),
    differs: encodings({ grpcStatus: 12 }, { grpcStatus: 0 }),
  },
  snappy: {
    headers: { 'grpc-encoding': 'snappy' },
    body: frame(Buffer.from('\xff\x06\0\0sNaPpY', 'latin1'), 1),
    differs: encodings({ grpcStatus: 0, body: '\n\0' }, { grpcStatus: 12, body: '' }),
  },
  'GZIP, over gRPC': { headers: { 'grpc-encoding': 'GZIP' }, body: frame(gzipSync(nothing), 1) },
  'gzip, not compressed': { headers: { 'grpc-encoding': 'gzip' }, body: framed, differs: grpcTaken },
  'gzip, broken': { headers: { 'grpc-encoding': 'gzip' }, body: frame(Buffer.from('no gzip'), 1) },
  'compressed without an encoding': { body: frame(gzipSync(nothing), 1) },
  'an encoding that nobody has': { headers: { 'grpc-encoding': 'x' }, body: frame(nothing, 1) },
  unreadable: { body: frame(Buffer.from('xxx')), differs: grpc('ours', { grpcStatus: 13 }, { grpcStatus: 3 }) },
  'no message': { body: nothing, differs: grpc('ours', { grpcStatus: 2 }, { grpcStatus: 13 }) },
  'two messages': {
    body: Buffer.concat([framed, framed]),
    differs: grpc('ours', { grpcStatus: 0, body: '\n\0' }, { grpcStatus: 13, body: '' }),
  },
  'a message cut off': { body: frame(Buffer.from('xxxx'), 0, 9), differs: grpc('ours', { grpcStatus: 2 }, { grpcStatus: 13 }) },
  'too large': { body: frame(Buffer.alloc(1_100_000)) },
  'too large once decompressed': { headers: { 'grpc-encoding': 'gzip' }, body: frame(gzipSync(Buffer.alloc(1_100_000)), 1) },
  'another method': { headers: { ':path': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Import' }, body: framed },
  'another service': { headers: { ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export' }, body: framed },
  'another content type': {
    headers: { 'content-type': 'application/json' },
    body: framed,
    differs: grpc('ours', { grpcStatus: 3 }, { grpcStatus: undefined }),
  },
  'another content type of gRPC': {
    headers: { 'content-type': 'application/grpc+json' },
    body: framed,
    differs: {
      ...types,
      collector: { status: 200, grpcStatus: 0, body: '\n\0' },
      service: { status: 415, grpcStatus: undefined, body: '' },
    },
  },
  'a content type in upper case': {
    headers: { 'content-type': 'application/GRPC' },
    body: framed,
    differs: {
      ...types,
      norm: 'The type and subtype tokens are case-insensitive',
      collector: { status: 415, grpcStatus: 3 },
      service: { status: 200, grpcStatus: 0 },
    },
  },
  'a path of one name': { headers: { ':path': '/:invalid' }, body: framed },
  'a path without a slash': {
    headers: { ':path': ':invalid' },
    body: framed,
    differs: { ...types, heading: 'Paths that are not in order', collector: { status: 200, grpcStatus: 12 }, service: reset },
  },
  GET: { headers: { ':method': 'GET' }, body: nothing, differs: grpc('ours', { grpcStatus: 13 }, { grpcStatus: undefined }) },
};

/** For docs/collector-differences.md. */
export const grpcDifferences = Object.values(grpcCases).flatMap(({ differs }) => differs ?? []);
