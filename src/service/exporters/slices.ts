/** Does work in slices, so that what else the process does is never held for long. */

export interface Slices {
  /** Done behind what waits. `bytes`: what it keeps in memory until then. */
  add(work: Iterator<void>, bytes: number): void;
  /** Whether something waits. */
  readonly waiting: boolean;
  /** Bytes of what waits. */
  readonly bytes: number;
  /** Does all of it now. */
  finish(): void;
}

interface Waiting {
  readonly work: Iterator<void>;
  readonly bytes: number;
}

/** A piece of work pauses where a slice ends. @param mostBytes when more than that waits, the oldest is done at once */
export function createSlices(mostBytes: number): Slices {
  const queue: Waiting[] = [];
  let bytes = 0;
  let timer: NodeJS.Immediate | undefined;

  function ended(): void {
    bytes -= queue.shift()?.bytes ?? 0;
  }

  function finishFirst(): void {
    while (queue[0]?.work.next().done === false);
    ended();
  }

  function slice(): void {
    timer = undefined;
    if (queue[0]?.work.next().done) ended();
    plan();
  }

  function plan(): void {
    if (queue.length > 0) timer ??= setImmediate(slice);
  }

  return Object.freeze({
    add(work: Iterator<void>, held: number) {
      queue.push({ work, bytes: held });
      bytes += held;
      while (bytes > mostBytes) finishFirst();
      plan();
    },
    get waiting() {
      return queue.length > 0;
    },
    get bytes() {
      return bytes;
    },
    finish() {
      while (queue.length > 0) finishFirst();
      clearImmediate(timer);
      timer = undefined;
    },
  });
}
