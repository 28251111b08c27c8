/** Processes that are ended together with all their descendants: each leads a session of its own. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Processes } from './left-behind.ts';

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where it runs. Default: here. */
  readonly folder?: string;
  /** Its standard input. Default: empty. */
  readonly input?: string;
  /** Takes what it writes on both outputs, line by line. Without it the caller has to read them. */
  readonly line?: (text: string) => void;
  /** Notes the running processes. */
  readonly processes?: Pick<Processes, 'begun' | 'ended'>;
  /** Ends the process when it aborts. */
  readonly signal?: AbortSignal;
  /** The first signal that ends it. Default: SIGTERM. */
  readonly toEnd?: NodeJS.Signals;
}

export interface Exit {
  readonly code: number | null;
  /** E.g. `exit 3` or `SIGKILL`. */
  readonly how: string;
  /** It could not be spawned. */
  readonly error?: Error;
}

export type Process = ReturnType<typeof startProcess>;

/** From the first signal to SIGKILL. */
const GRACE_MS = 5_000;

export function startProcess([program = '', ...args]: readonly string[], options: ProcessOptions) {
  const { env, folder, input, line, processes, signal, toEnd = 'SIGTERM' } = options;
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: 'pipe' });
  const { pid, stdout, stderr } = child;
  if (pid !== undefined) processes?.begun(pid);
  // It need not read its input.
  child.stdin.on('error', () => {}).end(input);
  if (line !== undefined) for (const stream of [stdout, stderr]) createInterface({ input: stream }).on('line', line);

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, how: error.message, error }));
    child.once('exit', (code, killedBy) => {
      if (pid !== undefined) processes?.ended(pid);
      resolve({ code, how: killedBy ?? `exit ${code}` });
    });
  });

  function kill(name: NodeJS.Signals): void {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // Gone already.
    }
  }

  async function end(): Promise<void> {
    kill(toEnd);
    const force = setTimeout(kill, GRACE_MS, 'SIGKILL');
    await ended;
    clearTimeout(force);
    // A process that is left has ignored the signal or outlived its parent.
    kill('SIGKILL');
  }

  if (signal?.aborted) void end();
  else signal?.addEventListener('abort', end, { once: true });
  void ended.then(() => signal?.removeEventListener('abort', end));

  return Object.freeze({
    /** Undefined when it cannot be spawned. */
    pid,
    stdout,
    stderr,
    /** Never rejects. */
    ended,
    /** After its end, when its outputs have been read to theirs. */
    closed,
    /** Sends a signal to it and all its descendants. */
    kill,
    /** Ends it and all its descendants, by force after 5 s. */
    end,
  });
}
