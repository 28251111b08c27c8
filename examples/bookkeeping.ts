/** A daemon goes on while its database fails: it says so once, and writes later what must not be forgotten. */

/** After a failure, until the next try. */
export const AGAIN_MS = 1_000;
/** Of what waits to be written, the oldest is given up beyond these. */
const WAITING_AT_MOST = 1_000;

interface Entry {
  readonly what: string;
  readonly work: () => void;
}

export type Bookkeeping = ReturnType<typeof createBookkeeping>;

export function createBookkeeping(log: (line: string) => void) {
  const failing = new Set<string>();
  const waiting: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;

  /** `what` has failed, or it has worked: each change is a line. */
  function tell(what: string, error?: unknown): void {
    if (error === undefined) {
      if (failing.delete(what)) log(`${what}: it works again`);
    } else if (!failing.has(what)) {
      failing.add(what);
      log(`${what} has failed, and is tried again: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Whether it has worked. */
  function attempt(what: string, work: () => void): boolean {
    try {
      work();
    } catch (error) {
      tell(what, error);
      return false;
    }
    tell(what);
    return true;
  }

  /** What fails goes to the end: it must not hold up what another table takes. */
  function again(): void {
    for (let tries = waiting.length; tries > 0; tries--) {
      const { what, work } = waiting.shift() as Entry;
      if (attempt(what, work)) continue;
      waiting.push({ what, work });
      break;
    }
    timer = waiting.length === 0 ? undefined : setTimeout(again, AGAIN_MS);
  }

  return Object.freeze({
    tell,
    attempt,
    /** Tries until it has worked. */
    insist(what: string, work: () => void): void {
      if (attempt(what, work)) return;
      waiting.push({ what, work });
      if (waiting.length > WAITING_AT_MOST) log(`${waiting.shift()?.what} is given up`);
      timer ??= setTimeout(again, AGAIN_MS);
    },
    /** A last try for what waits. */
    close(): void {
      clearTimeout(timer);
      const left = waiting.filter(({ what, work }) => !attempt(what, work));
      if (left.length > 0) log(`${left.length} entries could not be written`);
    },
  });
}
