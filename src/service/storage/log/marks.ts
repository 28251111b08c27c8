/**
 * Notes what is done: at once, and what comes meanwhile with the next note. A note that is lost costs that a record is sent
 * twice.
 */

export interface Marks {
  add(number: number): void;
  close(): Promise<void>;
}

/** @param write never called again before it has settled */
export function createMarks(write: (numbers: readonly number[]) => Promise<void>): Marks {
  let numbers: number[] = [];
  let writing: Promise<void> | undefined;

  async function flush(): Promise<void> {
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
    writing ??= numbers.length === 0 ? undefined : flush();
  }

  return Object.freeze({
    add(number: number) {
      numbers.push(number);
      begin();
    },
    async close() {
      await writing;
      begin();
      await writing;
    },
  });
}
