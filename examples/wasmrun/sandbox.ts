/**
 * The thread of one execution: compiles a session's file, runs its `_start`, and posts what it writes, piece by piece. Of WASI it
 * has what a program needs to write output and to exit; it reaches no file and no network.
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { moduleBinary } from '../module-binary.ts';
import { capMemory } from './memory-cap.ts';

export interface SandboxData {
  /** A `.wat` text or a `.wasm` binary. */
  readonly file: string;
  readonly memoryCapPages: number | null;
  /** Standard output and error together; what is beyond is dropped. */
  readonly maxOutputBytes: number;
}

export type SandboxMessage =
  | { readonly type: 'output'; readonly fd: 1 | 2; readonly bytes: Uint8Array }
  | { readonly type: 'truncated' }
  /** With an error it could not run to its end. */
  | { readonly type: 'end'; readonly exitCode: number; readonly error?: string };

const WASI_SUCCESS = 0;
const WASI_EBADF = 8;
/** What `proc_exit` throws, to get out of the program. */
const exit = Symbol('exit');

/**
 * What is posted at once, so that a program which writes byte by byte does not swamp the agent; ended from outside, it loses so
 * much.
 */
const CHUNK_BYTES = 64 * 1_024;

const data = workerData as SandboxData;
const outputs = { 1: { pieces: [] as Uint8Array[], length: 0 }, 2: { pieces: [] as Uint8Array[], length: 0 } };
let left = data.maxOutputBytes;
let truncated = false;
let exitCode = 0;

function post(message: SandboxMessage): void {
  parentPort?.postMessage(message);
}

function write(fd: 1 | 2, bytes: Uint8Array): void {
  const kept = bytes.slice(0, left);
  const output = outputs[fd];
  if (kept.length > 0) output.pieces.push(kept);
  output.length += kept.length;
  left -= kept.length;
  if (output.length >= CHUNK_BYTES) flush(fd);
  if (kept.length === bytes.length || truncated) return;
  truncated = true;
  post({ type: 'truncated' });
}

function flush(fd: 1 | 2): void {
  post({ type: 'output', fd, bytes: Buffer.concat(outputs[fd].pieces) });
  outputs[fd] = { pieces: [], length: 0 };
}

function end(error?: string): void {
  flush(1);
  flush(2);
  post(error === undefined ? { type: 'end', exitCode } : { type: 'end', exitCode: -1, error });
}

/** The client must not learn its path. */
function read(): Buffer {
  try {
    return readFileSync(data.file);
  } catch (error) {
    throw new Error(`the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function run(): Promise<void> {
  const binary = await moduleBinary(data.file, read());
  const module = await WebAssembly.compile(capMemory(binary, data.memoryCapPages));
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: { fd_write: fdWrite, proc_exit: procExit } });
  const { memory, _start: start } = instance.exports;
  if (typeof start !== 'function') throw new Error('the module exports no _start');
  start();

  function fdWrite(fd: number, vectors: number, count: number, written: number): number {
    if (fd !== 1 && fd !== 2) return WASI_EBADF;
    const { buffer } = memory as WebAssemblyMemory;
    const view = new DataView(buffer);
    let total = 0;
    for (let at = vectors; at < vectors + count * 8; at += 8) {
      const length = view.getUint32(at + 4, true);
      write(fd, new Uint8Array(buffer, view.getUint32(at, true), length));
      total += length;
    }
    view.setUint32(written, total, true);
    return WASI_SUCCESS;
  }

  function procExit(code: number): never {
    exitCode = code;
    throw exit;
  }
}

try {
  await run();
  end();
} catch (error) {
  if (error === exit) end();
  else end(error instanceof Error ? error.message : String(error));
}
