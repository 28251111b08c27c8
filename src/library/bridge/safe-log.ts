import { visible } from '../../core/errors/visible.ts';

/** A log that throws must not cost a measurement or a collection, and foreign text must not forge a log line. */
export function safeLog(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(visible(line));
    } catch {
      // There is no other way to report it.
    }
  };
}
