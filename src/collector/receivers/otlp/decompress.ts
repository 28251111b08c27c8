/** Bodies that were compressed, held to a limit while they grow: what exceeds it is given up before it is whole (a compression bomb). */
import { constants, gunzip, gunzipSync, inflate, inflateSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { isWholeZstd } from './zstd-frames.ts';

export type Compression = 'gzip' | 'deflate' | 'zstd';

/** Why a body cannot be read: too large once it is decompressed, or broken. */
export interface Flaw {
  readonly tooLarge: boolean;
  readonly why: string;
}

export type Inflated = Uint8Array | Flaw;

/** Bodies below this size are decompressed in this thread: handing a small one to zlib's own threads costs more than it saves. */
const smallBytes = 65_536;
/** How many are decompressed in zlib's threads at a time; Node.js has four of them. Each may hold `maxBytes`. */
const atOnce = 4;
/** Deflate cannot grow by more than about 1,030; what a sender says in a trailer of four bytes is believed up to this. */
const believedRatio = 64;
/** RFC 9659: a window for the content coding `zstd` has at most 8 MiB. */
const zstdWindowLog = 23;

const inThisThread = { gzip: gunzipSync, deflate: inflateSync, zstd: zstdDecompressSync } as const;

interface Options {
  readonly maxOutputLength: number;
  readonly chunkSize?: number;
  readonly params?: Record<number, number>;
}

type InBackground = (bytes: Uint8Array, options: Options, done: (error: Error | null, result: Buffer) => void) => void;
const inBackground: Readonly<Record<Compression, InBackground>> = { gzip: gunzip, deflate: inflate, zstd: zstdDecompress };

let underWay = 0;
const waiting: (() => void)[] = [];

/** Calls `done` with what the bytes were, of at most `maxBytes` bytes: before it returns, if they are few. */
export function decompress(compression: Compression, bytes: Uint8Array, maxBytes: number, done: (result: Inflated) => void): void {
  if (compression === 'zstd' && !isWholeZstd(bytes)) return void done({ tooLarge: false, why: 'unexpected end of file' });
  const options = optionsFor(compression, bytes, maxBytes);
  if (bytes.length >= smallBytes) {
    inTurn(() => inBackground[compression](bytes, options, after(done)));
    return;
  }
  let result: Inflated;
  try {
    result = inThisThread[compression](bytes, options);
  } catch (error) {
    result = flawOf(error);
  }
  done(result);
}

function optionsFor(compression: Compression, bytes: Uint8Array, maxBytes: number): Options {
  if (compression === 'zstd') return { maxOutputLength: maxBytes, params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLog } };
  const guess = compression === 'gzip' ? gzipLength(bytes) : 4 * bytes.length;
  // One byte more than the whole, so that zlib sees the end at once.
  const chunkSize = Math.max(1_024, Math.min(guess, maxBytes, believedRatio * bytes.length) + 1);
  return { maxOutputLength: maxBytes, chunkSize };
}

/** RFC 1952, section 2.3.1: ISIZE, the length of the data modulo 2^32, is the last four bytes. */
function gzipLength(bytes: Uint8Array): number {
  const { length } = bytes;
  return length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + length - 4, 4).getUint32(0, true);
}

function inTurn(begin: () => void): void {
  if (underWay >= atOnce) return void waiting.push(begin);
  underWay += 1;
  begin();
}

function after(done: (result: Inflated) => void): (error: Error | null, result: Buffer) => void {
  return (error, result) => {
    underWay -= 1;
    const next = waiting.shift();
    if (next !== undefined) inTurn(next);
    done(error === null ? result : flawOf(error));
  };
}

function flawOf(error: unknown): Flaw {
  const { code, message } = error as NodeJS.ErrnoException;
  return { tooLarge: code === 'ERR_BUFFER_TOO_LARGE', why: message };
}
