/** Names in the log, once each, what a scrape leaves out, or shows as it was. */
import type { NoRecord } from './ask-record.ts';
import { logOnce } from './log-once.ts';

export interface LeftOut {
  directory(error: unknown): void;
  /** A file of the directory. */
  file(path: string, why: string): void;
  /** A process that gives no record; `isKnown`: its last one is shown. Returns whether it is left out. */
  process(socket: string, why: Exclude<NoRecord, 'gone'>, isKnown: boolean): boolean;
}

/** Files and sockets that are named in the log. */
const mostNamed = 100;
const fix = 'Fix: delete it, or run one release of Meterbridge in all processes, if another one has made it';

const lateLines = {
  late: 'one does not respond within 500 ms; its last values are shown',
  large: 'one has a record of more than 64 MiB; the values in its file are shown, up to a second old. Fix: bound its labels',
} as const;

/** Why a socket is left out whose process has left no record. */
const muteLines = {
  late: 'it does not respond within 500 ms, and has left no record. Fix: end the process that has it',
  large: 'its record has more than 64 MiB. Fix: bound its labels',
} as const;

export function createLeftOut(log: (line: string) => void): LeftOut {
  const once = logOnce(log);
  const further = `more than ${mostNamed} files are left out; the others are counted alone (meterbridge_processes_unreadable_total)`;
  const named = logOnce(log, mostNamed, `processes: ${further}`);
  const name = (path: string, why: string) => named(path, `processes: ${path} is left out: ${why}`);

  return Object.freeze<LeftOut>({
    directory(error) {
      once(
        'list',
        `processes: the directory cannot be read (${String(error)}); those are shown that were found before. Fix: let its user read it`,
      );
    },
    file: (path, why) => name(path, `${why}. ${fix}`),
    process(socket, why, isKnown) {
      const isShown = typeof why === 'string' && isKnown;
      if (isShown) once(why, `processes: ${lateLines[why]}`);
      else name(socket, typeof why === 'string' ? muteLines[why] : `${why.why}. ${fix}`);
      return !isShown;
    },
  });
}
