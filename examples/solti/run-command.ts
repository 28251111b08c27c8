import { childEnvironment } from '../child-environment.ts';
import { type Exit, type ProcessOptions, startProcess } from '../process.ts';

export interface CommandOptions extends Pick<ProcessOptions, 'input' | 'line' | 'signal'> {
  readonly folder: string;
  readonly spawned?: () => void;
}

/** Runs a command to its end, with which all its descendants end, too. Rejects when it cannot be spawned. */
export async function runCommand(words: readonly string[], { spawned, ...options }: CommandOptions): Promise<Exit> {
  const { pid, ended, kill } = startProcess(words, { ...options, env: childEnvironment(process.env, 'SOLTI_TOKEN') });
  if (pid !== undefined) spawned?.();
  const exit = await ended;
  // A process that is left has outlived its parent.
  kill('SIGKILL');
  if (exit.error !== undefined) throw exit.error;
  return exit;
}
