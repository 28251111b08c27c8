/**
 * Bodies that were compressed, held to a limit while they grow: what exceeds it is given up before it is whole (a compression
 * bomb).
 */
import { availableParallelism } from 'node:os';
import { constants, gunzip, gunzipSync, inflate, inflateSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { createInTurn } from '../../../net/listen/in-turn.ts';
import type { Sender } from './sender.ts';
import { isWholeZstd } from './zstd-frames.ts';

export type Compression = 'gzip' | 'deflate' | 'zstd';

/** Why a body cannot be read: too large once it is decompressed, or broken. */
export interface Flaw {
  readonly tooLarge: boolean;
  /** It was not read: the service has no memory for it. */
  readonly noMemory?: true;
  readonly why: string;
}

export type Inflated = Uint8Array | Flaw;

/**
 * What is so small, before and after, is decompressed in this thread: handing it to zlib's own threads costs more than it saves.
 */
const smallBytes = 65_536;
/** How many are decompressed in zlib's threads at a time: Node.js has four of them, and the event loop needs a processor, too. */
const atOnce = Math.max(1, Math.min(4, availableParallelism() - 1));
/** Bodies up to this size have memory of their own, so that they do not wait for large ones to be read. */
const mediumBytes = 1_048_576;
const mediumRoom = 16 * mediumBytes;
/** Deflate cannot grow by more than about 1,030; the size in a trailer of four bytes is believed up to this. */
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

export interface Inflater {
  /**
   * Calls `done` with what the bytes were, of at most `maxBytes` bytes: before it returns, if they are few and `isQuick` says so.
   * Others wait for their connection's turn, and for memory. `release`: what was read is not needed any more; safe to call twice.
   */
  inflate(body: Compressed, done: (result: Inflated, release: () => void) => void): void;
  /** Bytes of decompressed bodies, and of what those under way may become. */
  readonly held: number;
}

export interface Compressed {
  readonly compression: Compression;
  readonly bytes: Uint8Array;
  readonly maxBytes: number;
  readonly from: Sender;
  /** Whether this turn has time for one that is small, before and after. */
  isQuick(): boolean;
}

interface Waiting extends Compressed {
  /** What it may become. */
  readonly most: number;
  readonly done: (result: Inflated, release: () => void) => void;
}

const nothing = (): void => {};

/**
 * @param room bytes of decompressed bodies at a time; one alone may have more
 * @param memory bytes that the service may still use; called for each body that is not small. Absent: no limit
 */
export function createInflater(room: number, memory: () => number = () => Number.POSITIVE_INFINITY): Inflater {
  const waiting = createInTurn<Waiting>();
  let [underWay, held] = [0, 0];

  function fits({ most }: Waiting): boolean {
    return held === 0 || held + most <= (most <= mediumBytes ? room + mediumRoom : room);
  }
  function goOn(): void {
    while (underWay < atOnce) {
      const next = waiting.take(fits);
      if (next === undefined) return;
      if (next.thing.from.isGone()) next.thing.done(abandoned, nothing);
      else begin(next.thing);
    }
  }
  function begin(body: Waiting): void {
    let holds = body.most;
    held += holds;
    underWay++;
    function release(): void {
      held -= holds;
      holds = 0;
      goOn();
    }
    // In one chunk, so that nothing is put together in this thread. Memory that is not written to is none.
    const options = { ...optionsFor(body.compression, body.bytes, body.most), chunkSize: Math.max(body.most, 1_024) + 1 };
    inBackground[body.compression](body.bytes, options, (error, result) => {
      underWay--;
      const flaw = error === null ? undefined : flawOf(error);
      // The trailer has lied: as much as there may be.
      const isMore = flaw?.tooLarge === true && body.most < body.maxBytes;
      held += (flaw === undefined ? result.length : 0) - holds;
      holds = flaw === undefined ? result.length : 0;
      if (isMore) waiting.addFirst(body.from.connection, { ...body, most: body.maxBytes });
      else body.done(flaw ?? result, release);
      goOn();
    });
  }

  return Object.freeze<Inflater>({
    inflate(body, done) {
      const { compression, bytes, maxBytes } = body;
      if (compression === 'zstd' && !isWholeZstd(bytes))
        return void done({ tooLarge: false, why: 'unexpected end of file' }, nothing);
      const most = compression === 'gzip' ? Math.min(maxBytes, Math.max(gzipLength(bytes), 1)) : maxBytes;
      if (bytes.length <= smallBytes && (compression !== 'gzip' || most <= smallBytes) && body.isQuick()) {
        const result = atHand(body, Math.min(maxBytes, smallBytes));
        if (result instanceof Uint8Array || !result.tooLarge || maxBytes <= smallBytes) return void done(result, nothing);
      }
      if (memory() < most) return void done(noMemory, nothing);
      waiting.add(body.from.connection, { ...body, most, done });
      goOn();
    },
    get held() {
      return held;
    },
  });
}

const abandoned: Flaw = Object.freeze({ tooLarge: false, why: 'the client has left' });

const noMemory: Flaw = Object.freeze({ tooLarge: false, noMemory: true, why: 'no memory' });

/** In this thread. */
function atHand({ compression, bytes }: Compressed, most: number): Inflated {
  try {
    return inThisThread[compression](bytes, optionsFor(compression, bytes, most));
  } catch (error) {
    return flawOf(error);
  }
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

function flawOf(error: unknown): Flaw {
  const { code, message } = error as NodeJS.ErrnoException;
  return { tooLarge: code === 'ERR_BUFFER_TOO_LARGE', why: message };
}
