/** What the receiver needs of a request's headers, read in one pass over the raw ones: the object of all headers is not made. */
import type { Encoding } from '../../../../formats/otlp/export-answers.ts';
import type { Compression } from '../decompress.ts';

export interface RequestHead {
  /** Undefined: neither of the two that OTLP knows. */
  readonly encoding: Encoding | undefined;
  /** `unknown`: one that this receiver lacks; `contentEncoding` says which. */
  readonly compression: Compression | 'identity' | 'unknown';
  readonly contentEncoding: string;
  /** Bytes that `Content-Length` announces; undefined for a body in chunks. */
  readonly announced: number | undefined;
}

const compressions: Readonly<Record<string, Compression | 'identity'>> = {
  '': 'identity',
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  zstd: 'zstd',
  // RFC 9110, section 8.4.1.2: `deflate` is the zlib format. The Collector knows it by both names.
  deflate: 'deflate',
  zlib: 'deflate',
};

/**
 * As `node:http` gives the headers: names and values in turn. Of a header that is repeated, the first line counts, as in the
 * Collector.
 */
export function readHead(raw: readonly string[]): RequestHead {
  let type: string | undefined;
  let content: string | undefined;
  let length: string | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (name.length === 12) type ??= lineOf('content-type', raw, at);
    else if (name.length === 16) content ??= lineOf('content-encoding', raw, at);
    else if (name.length === 14) length ??= lineOf('content-length', raw, at);
  }
  const contentEncoding = content ?? '';
  return {
    encoding: encodingOf(type),
    compression: compressions[contentEncoding.toLowerCase()] ?? 'unknown',
    contentEncoding,
    // The parser has rejected what is no number.
    announced: length === undefined ? undefined : Number(length),
  };
}

function lineOf(lowerCase: string, raw: readonly string[], at: number): string | undefined {
  const name = raw[at] as string;
  return name === lowerCase || name.toLowerCase() === lowerCase ? raw[at + 1] : undefined;
}

/** Parameters such as a charset are ignored. */
function encodingOf(type: string | undefined): Encoding | undefined {
  if (type === 'application/x-protobuf') return 'protobuf';
  if (type === undefined || type === 'application/json') return type && 'json';
  const media = type.split(';', 1)[0]?.trim().toLowerCase();
  if (media === 'application/x-protobuf') return 'protobuf';
  return media === 'application/json' ? 'json' : undefined;
}
