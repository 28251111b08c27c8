/** The thread of one attempt: a WASI command with neither files, arguments nor environment, which writes to standard error. */
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { WASI } from 'node:wasi';
import { parentPort, workerData } from 'node:worker_threads';

export type ThreadMessage =
  | { readonly type: 'loaded' }
  | { readonly type: 'refused'; readonly why: string }
  | { readonly type: 'ended'; readonly exitCode: number; readonly why?: string };

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
// Standard output is the example's own.
const wasi = new WASI({ version: 'preview1', env: {}, stdin: openSync(devNull, 'r'), stdout: 2, stderr: 2 });

async function load(): Promise<object | undefined> {
  try {
    const imports = wasi.getImportObject() as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    const instance = await WebAssembly.instantiate(workerData as WebAssemblyModule, imports);
    if (typeof instance.exports._start !== 'function') throw new Error('the module exports no _start');
    return instance;
  } catch (error) {
    post({ type: 'refused', why: reason(error) });
    return undefined;
  }
}

const instance = await load();
if (instance !== undefined) {
  post({ type: 'loaded' });
  try {
    post({ type: 'ended', exitCode: wasi.start(instance) });
  } catch (error) {
    post({ type: 'ended', exitCode: -1, why: reason(error) });
  }
}
