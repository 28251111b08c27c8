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
  /** Takes what it writes on both outputs, line by line. */
  readonly line?: (text: string) => void;
  /** Notes who is at work. */
  readonly processes?: Pick<Processes, 'begun' | 'ended'>;
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
  const { env, folder, input, line, processes } = options;
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: 'pipe' });
  const { pid, stdout, stderr } = child;
  if (pid !== undefined) processes?.begun(pid);
  // It need not read its input.
  child.stdin.on('error', () => {}).end(input);
  if (line !== undefined) for (const stream of [stdout, stderr]) createInterface({ input: stream }).on('line', line);

  function signal(name: NodeJS.Signals): void {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // Gone already.
    }
  }

  const spawned = new Promise<void>((resolve) => child.once('spawn', resolve));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, how: error.message, error }));
    child.once('exit', (code, killedBy) => {
      if (pid !== undefined) processes?.ended(pid);
      resolve({ code, how: killedBy ?? `exit ${code}` });
    });
  });

  return Object.freeze({
    pid,
    stdout,
    stderr,
    spawned,
    /** Never rejects. */
    ended,
    /** After its end, when its outputs have been read to theirs. */
    closed,
    /** To it and all its descendants. */
    signal,
    /** Ends it and all its descendants, by force after 5 s. */
    async end(first: NodeJS.Signals = 'SIGTERM'): Promise<void> {
      signal(first);
      const force = setTimeout(signal, GRACE_MS, 'SIGKILL');
      await ended;
      clearTimeout(force);
      // Whoever is left has ignored the signal or outlived its parent.
      signal('SIGKILL');
    },
  });
}
