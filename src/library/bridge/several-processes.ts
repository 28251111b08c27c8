/** What a listener logs if the program seems to have several processes, and each would expose only its own series. */
import type { Cluster } from 'node:cluster';
import { resolve } from 'node:path';
import type { Listener } from '../../net/pull/index.ts';

const show = "processes: 'all' in the options of meterbridge(), so that each scrape shows the sum of all (docs/processes.md)";

const programKey = 'meterbridge.program';

/**
 * The program's script. In a worker thread `process.argv[1]` is the thread's own: a bridge leaves the program's to the threads
 * that are started after it.
 */
export function programOf(): string {
  const { getEnvironmentData, setEnvironmentData } = process.getBuiltinModule('node:worker_threads');
  const left = getEnvironmentData(programKey);
  const program = typeof left === 'string' ? left : resolve(process.argv[1] ?? '');
  setEnvironmentData(programKey, program);
  return program;
}

/**
 * `service.instance.id` of all processes together: a UUID of version 8 (RFC 9562, 5.8) from what they have in common on this
 * machine.
 */
export function sharedInstance(processes: string, contract: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { hostname } = process.getBuiltinModule('node:os');
  const directory = processes === 'all' ? [programOf(), contract, process.getuid?.()] : [resolve(processes)];
  const bytes = createHash('sha256')
    .update(JSON.stringify([hostname(), ...directory]))
    .digest()
    .subarray(0, uuidBytes);
  bytes[versionByte] = 0x80 | ((bytes[versionByte] as number) & 0x0f);
  bytes[variantByte] = 0x80 | ((bytes[variantByte] as number) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const uuidBytes = 16;
const versionByte = 6;
const variantByte = 8;

/**
 * Logs a line where a reader would mistake one worker of a cluster (`node:cluster`, or PM2's cluster mode) for the whole program.
 */
export interface OneOfWorkers {
  /** Workers share a port, and the primary chooses which one serves a request. */
  listens(address: string): void;
  /** For an endpoint on the program's own server: once, unless a listener has logged it. */
  scraped(): void;
}

export function oneOfWorkers(log: (line: string) => void): OneOfWorkers {
  let known = false;
  function say(what: string): void {
    known = true;
    // Its types are those of the import.
    const { isWorker } = process.getBuiltinModule('node:cluster') as unknown as Cluster;
    if (!isWorker) return;
    log(`${what} belongs to all workers of this cluster, and each scrape shows the series of one of them. Fix: set ${show}`);
  }
  return {
    listens: (address) => say(`listen: ${address}`),
    scraped() {
      if (!known) say('scrape: this endpoint');
    },
  };
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
