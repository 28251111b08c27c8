import { visible } from '../errors/visible.ts';

/** A log that throws must not cost a measurement or a collection, and what is foreign in a line must not forge another. */
export function safeLog(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(visible(line));
    } catch {
      // There is nowhere left to say so.
    }
  };
}
