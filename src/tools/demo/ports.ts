/** The ports of the demonstration: fixed ones, or the next that are free. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { MeterbridgeError } from '../../core/errors/error.ts';

/** A port beyond this one does not exist. */
const last = 65_535;

export interface Ports {
  readonly ports: readonly number[];
  /** One sentence for each port that another program has. */
  readonly moved: readonly string[];
}

/**
 * As many free ports of 127.0.0.1 as there are names, in ascending order from the first one.
 * @param first 0: any ports, which are 0
 * @throws `CLI_USAGE` when there are not enough, or the user may not have one
 */
export async function freePorts(first: number, names: readonly string[]): Promise<Ports> {
  const ports: number[] = [];
  const moved: string[] = [];
  let next = first;
  for (const name of names) {
    const wanted = next;
    while (first !== 0 && next <= last && !(await isFree(next))) next += 1;
    if (next > last) throw portError(wanted, `no port from ${wanted} on is free for ${name}`, 'choose a lower one');
    if (next !== wanted) moved.push(`Port ${wanted} is in use; ${name} takes ${next}.`);
    ports.push(next);
    if (first !== 0) next += 1;
  }
  return { ports, moved };
}

/** What a part's failure to start comes from, if another program took its port since it was looked for; otherwise undefined. */
export async function takenSince(ports: readonly number[]): Promise<Error | undefined> {
  for (const port of ports) {
    if (port !== 0 && !(await isFree(port)))
      return portError(port, 'another program took this port in the meantime', 'start again');
  }
  return undefined;
}

/** @throws `CLI_USAGE` for a port that is not in use, and yet not to be had: the next one is no better. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return false;
    throw portError(port, `the system does not let this user listen at 127.0.0.1:${port} (${code})`, 'choose one from 1024 on');
  }
  server.close();
  await once(server, 'close');
  return true;
}

function portError(got: number, rule: string, fix: string): MeterbridgeError {
  return new MeterbridgeError('CLI_USAGE', [{ at: '--port', got: String(got), rule, fix }]);
}
