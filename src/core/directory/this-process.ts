/** Who a process is, so that another one, also of another container or machine, can say whether it still runs. */
import { readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  /** Which start of which machine. Undefined: the system does not say. */
  readonly boot?: string | undefined;
  /** Within which numbers of processes `pid` counts, and `start`: each container has its own. */
  readonly pids?: string | undefined;
  readonly pid: number;
  /** When it began, in the kernel's ticks since the boot. */
  readonly start?: string | undefined;
}

/** Fields of `/proc/PID/stat` behind the program's name, which ends with the last parenthesis. */
const stateAt = 0;
const startAt = 19;
/** Nothing of such a process runs, and its files are closed. */
const ended = 'ZXx';

/** Of this start of the machine. Undefined: the system does not say, or not now. */
export function bootId(): string | undefined {
  return orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
}

export function thisProcess(): ProcessIdentity {
  const pids = orNothing(() => `${readlinkSync('/proc/self/ns/pid')} ${readlinkSync('/proc/self/ns/time')}`);
  return { boot: bootId(), pids, pid: process.pid, start: statOf('self')?.start };
}

/** Undefined: this process cannot know, for it is on another machine, in another container, or on a system without `/proc`. */
export function isRunning({ boot, pids, pid, start }: ProcessIdentity): boolean | undefined {
  const own = thisProcess();
  if (boot === undefined || pids === undefined || boot !== own.boot || pids !== own.pids) return undefined;
  if (!hasPid(pid)) return false;
  // The `/proc` of another container has other processes under these numbers.
  const isOwn = orNothing(() => readlinkSync('/proc/self')) === String(process.pid);
  const stat = isOwn ? statOf(String(pid)) : undefined;
  if (stat === undefined || start === undefined) return undefined;
  return stat.start === start && !ended.includes(stat.state);
}

function hasPid(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function statOf(pid: string): { readonly state: string; readonly start: string } | undefined {
  return orNothing(() => {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[stateAt] as string, start: fields[startAt] as string };
  });
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
