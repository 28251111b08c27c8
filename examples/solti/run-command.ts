import { type Exit, type ProcessOptions, startProcess } from '../process.ts';

export interface CommandOptions extends Pick<ProcessOptions, 'input' | 'line'> {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly spawned?: () => void;
}

/** Runs a command to its end, with which all its descendants end, too. Rejects when it cannot be spawned. */
export async function runCommand(words: readonly string[], { signal, spawned, ...options }: CommandOptions): Promise<Exit> {
  const { ended, end, ...started } = startProcess(words, { ...options, env: { ...process.env, SOLTI_TOKEN: undefined } });
  const stop = () => void end();
  void started.spawned.then(() => {
    spawned?.();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const exit = await ended;
  signal.removeEventListener('abort', stop);
  // Whoever is left has outlived its parent.
  started.signal('SIGKILL');
  if (exit.error !== undefined) throw exit.error;
  return exit;
}
