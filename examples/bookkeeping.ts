/** A daemon keeps running while its database fails: it logs the failure once, and retries the writes that must not be lost. */

/** After a failure, until the next try. */
export const AGAIN_MS = 1_000;
/** Maximum number of waiting writes; beyond it the oldest is dropped. */
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

  /** `what` has failed or succeeded; each change is logged. */
  function report(what: string, error?: unknown): void {
    if (error === undefined) {
      if (failing.delete(what)) log(`${what}: it works again`);
    } else if (!failing.has(what)) {
      failing.add(what);
      log(`${what} has failed, and is tried again: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Whether it succeeded. */
  function attempt(what: string, work: () => void): boolean {
    try {
      work();
    } catch (error) {
      report(what, error);
      return false;
    }
    report(what);
    return true;
  }

  /** A failed write goes to the end, so that it does not hold up writes to other tables. */
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
    report,
    attempt,
    /** Tries until it succeeds. */
    insist(what: string, work: () => void): void {
      if (attempt(what, work)) return;
      waiting.push({ what, work });
      if (waiting.length > WAITING_AT_MOST) log(`${waiting.shift()?.what} is given up`);
      timer ??= setTimeout(again, AGAIN_MS);
    },
    /** Tries the waiting writes a last time. */
    close(): void {
      clearTimeout(timer);
      const left = waiting.filter(({ what, work }) => !attempt(what, work));
      if (left.length > 0) log(`${left.length} entries could not be written`);
    },
  });
}
