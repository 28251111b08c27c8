/** How requests are compressed. */
import { promisify } from 'node:util';
import { constants, deflate, deflateSync, gzip, gzipSync, type ZlibOptions, zstdCompress, zstdCompressSync } from 'node:zlib';
import type { Compression } from '../../../net/otlp-client/client-settings.ts';
import { levelOf, type OtlpHttpSettings } from './config.ts';

/** Handing so little to zlib's own threads, and back, costs about as much as compressing it. */
const atOnceBytes = 16 * 1_024;

type Compress = Compression['compress'];
const gzipLater = promisify<Uint8Array, ZlibOptions, Uint8Array>(gzip);
const deflateLater = promisify<Uint8Array, ZlibOptions, Uint8Array>(deflate);
const zstdLater = promisify<Uint8Array, { params: Record<number, number> }, Uint8Array>(zstdCompress);

/** Undefined: requests are not compressed. `deflate` and `zlib` are both RFC 1950, as in the Collector. */
export function compressionOf(settings: OtlpHttpSettings): Compression | undefined {
  const { compression: name } = settings;
  if (name === 'none' || name === '') return undefined;
  return Object.freeze({ name, compress: name === 'zstd' ? zstd(levelOf(settings)) : zlib(name, levelOf(settings)) });
}

function zstd(level: number | undefined): Compress {
  const options = { params: level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level } };
  return (bytes) => (bytes.byteLength <= atOnceBytes ? zstdCompressSync(bytes, options) : zstdLater(bytes, options));
}

function zlib(name: 'gzip' | 'deflate' | 'zlib', level: number | undefined): Compress {
  const options = level === -2 ? { strategy: constants.Z_HUFFMAN_ONLY } : { level: level ?? 1 };
  const [atOnce, later] = name === 'gzip' ? [gzipSync, gzipLater] : [deflateSync, deflateLater];
  return (bytes) => (bytes.byteLength <= atOnceBytes ? atOnce(bytes, options) : later(bytes, options));
}
