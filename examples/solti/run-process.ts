/** One process and its descendants, ended together. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Its standard input. Default: empty. */
  readonly input?: string;
  readonly spawned?: () => void;
  readonly line: (text: string) => void;
}

export interface Exit {
  readonly code: number | null;
  /** E.g. `exit 3` or `SIGKILL`. */
  readonly how: string;
}

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5_000;

/** Rejects when it cannot be spawned. */
export function runProcess([program = '', ...args]: readonly string[], options: ProcessOptions): Promise<Exit> {
  const { folder, signal, input = '', spawned, line } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      // Its own session: so the whole tree can be ended.
      detached: true,
      env: { ...process.env, SOLTI_TOKEN: undefined },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // It need not read its input.
    child.stdin.on('error', () => {}).end(input);
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', line);
    let force: NodeJS.Timeout | undefined;
    function stop(): void {
      toGroup(child, 'SIGTERM');
      force = setTimeout(() => toGroup(child, 'SIGKILL'), GRACE_MS);
    }
    child.once('error', reject);
    child.once('spawn', () => {
      spawned?.();
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    child.once('exit', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      clearTimeout(force);
      // Whoever is left has ignored the signal or outlived its parent.
      toGroup(child, 'SIGKILL');
      resolve({ code, how: killedBy ?? `exit ${code}` });
    });
  });
}

function toGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}
