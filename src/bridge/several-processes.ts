/** What a listener says where the program seems to have several processes, and each would show its own series alone. */
import type { Listener } from '../pull/index.ts';

const show = "processes: 'all' in the options of meterbridge(), so that each scrape shows the sum of all (docs/processes.md)";

/** A worker of `node:cluster`, or PM2's cluster mode: workers share a port, and the primary chooses who answers. */
export async function workerLine(address: string): Promise<string | undefined> {
  const { default: cluster } = await import('node:cluster');
  if (!cluster.isWorker) return undefined;
  return `listen: ${address} belongs to all workers of this cluster, and each scrape shows the series of one of them. Fix: set ${show}`;
}

/** Logs a line where another process has the address. Rejects as `opening` does. */
export async function orHeldLine(
  opening: Promise<Listener>,
  address: string,
  shared: boolean,
  log: (line: string) => void,
): Promise<Listener> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE') {
      const fix = shared
        ? 'go on without this listener: a scrape of the other shows this one too'
        : `set ${show}, and listen in one of them`;
      log(`listen: ${address} is held. Fix, if another process of this program holds it: ${fix}`);
    }
    throw error;
  }
}
