/**
 * A clock that goes on where that of the former process stood, and only forward: series expire by it. The time in between counts:
 * by the machine's monotonic clock, so that nobody's setting of the time expires anything, and by the time of day where the
 * machine was started again meanwhile.
 */
import zlib from 'node:zlib';
import { bootId } from '../../core/directory/this-process.ts';
import { machineMs } from '../../core/node/machine-ms.ts';

/** When something was: by this clock, by the machine's since its start, and by the time of day. Milliseconds. */
export interface Stamp {
  readonly at: number;
  readonly machine: number;
  readonly day: number;
  /** Which start of the machine; 0: unknown. */
  readonly boot: number;
}

export interface Clocks {
  readonly machine: () => number;
  readonly day: () => number;
  readonly boot: number;
}

export interface KeptTime {
  now(): number;
  stamp(): Stamp;
  /**
   * What another process has stamped last. Call it before anything is stamped here. @param most what the time in between is, at
   * most, where only the time of day tells it
   */
  goOn(last: Stamp, most: number): void;
}

/** The monotonic clock of the system is the same for all processes. */
export function systemClocks(): Clocks {
  return { machine: machineMs, day: Date.now, boot: bootOf() };
}

export function createKeptTime(clocks: Clocks): KeptTime {
  const { machine, day, boot } = clocks;
  /** This clock is so much ahead of the machine's. */
  let ahead = day() - machine();
  const now = () => machine() + ahead;
  return Object.freeze({
    now,
    stamp() {
      const at = machine();
      return { at: at + ahead, machine: at, day: day(), boot };
    },
    goOn(last: Stamp, most: number) {
      const byMachine = machine() - last.machine;
      const passed =
        last.boot !== 0 && last.boot === boot && byMachine >= 0 ? byMachine : Math.min(Math.max(0, day() - last.day), most);
      ahead = last.at + passed - machine();
    },
  });
}

function bootOf(): number {
  const id = bootId();
  return id === undefined ? 0 : zlib.crc32(`${id}\n`) >>> 0;
}
