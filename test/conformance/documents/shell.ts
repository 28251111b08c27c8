/** A command of a host's document, run in a shell as it stands there. */
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param programs paths of those that it names and that may not be on the PATH */
export async function shell(
  command: string,
  programs: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const PATH = [...programs.map(dirname), process.env.PATH].join(delimiter);
  const child = spawn('sh', ['-c', command], { env: { ...process.env, ...env, PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
