/** Notes what is done, some records at a time. A note that is lost costs that a record is sent twice. */

export interface Marks {
  add(number: number): void;
  close(): Promise<void>;
}

const waitMs = 10;
/** Noted at once, so that what is not noted stays small. */
const most = 1_000;

/** @param write never called again before it has settled */
export function createMarks(write: (numbers: readonly number[]) => Promise<void>): Marks {
  let numbers: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (numbers.length > 0) {
      const some = numbers;
      numbers = [];
      try {
        await write(some);
      } catch {
        // A full disk, say: they are noted with the next ones.
        numbers = [...some, ...numbers];
        break;
      }
    }
    writing = undefined;
  }

  function begin(): void {
    writing ??= flush();
  }

  return Object.freeze({
    add(number: number) {
      numbers.push(number);
      if (writing !== undefined) return;
      if (numbers.length >= most) begin();
      else timer ??= setTimeout(begin, waitMs);
    },
    async close() {
      await writing;
      begin();
      await writing;
    },
  });
}
