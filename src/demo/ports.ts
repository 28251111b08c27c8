/** The ports of the demonstration: fixed ones, or the next that are free. */
import { once } from 'node:events';
import { createServer } from 'node:net';

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
 * @throws an Error when there are not enough
 */
export async function freePorts(first: number, names: readonly string[]): Promise<Ports> {
  const ports: number[] = [];
  const moved: string[] = [];
  let next = first;
  for (const name of names) {
    const wanted = next;
    while (first !== 0 && next <= last && !(await isFree(next))) next += 1;
    if (next > last) throw new Error(`no port from ${wanted} on is free for ${name}; choose another one with --port`);
    if (next !== wanted) moved.push(`Port ${wanted} is in use; ${name} takes ${next}.`);
    ports.push(next);
    if (first !== 0) next += 1;
  }
  return { ports, moved };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
