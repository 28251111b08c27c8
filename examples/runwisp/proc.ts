/** CPU and memory of the machine and of process trees, from Linux' `/proc` (proc(5)). Elsewhere nothing is known, and nothing is said. */
import { readdirSync, readFileSync } from 'node:fs';
import type { HostReading } from '../../instrumentation/runwisp/index.ts';
import { createRate, type Rate } from './rate.ts';

export interface TreeReading {
  /** Of one core. */
  readonly cpuPercent: number | undefined;
  /** Resident. */
  readonly memoryBytes: number;
}

export interface Proc {
  host(): HostReading;
  /** The process trees below these pids; a root that has ended is not in the answer. */
  trees(roots: readonly number[]): ReadonlyMap<number, TreeReading>;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** CPU time of its own and of its children that have ended, in ms. */
  readonly cpuMs: number;
  /** Since the machine started, ms. */
  readonly startMs: number;
}

/** CPU times count in USER_HZ, 100 a second on every architecture that Node.js runs on. */
const MS_PER_TICK = 10;

/** @param root where the file system is mounted; tests hand in a folder. Default `/proc`. */
export function createProc(root = '/proc'): Proc {
  const rates = new Map<number, Rate>();
  const first = machineTicks(root);
  const machine = createRate(first?.busy ?? 0, first?.all ?? 0, uptimeMs(root));

  function tree(pid: number, members: readonly Process[], now: number): TreeReading {
    const cpuMs = members.reduce((sum, member) => sum + member.cpuMs, 0);
    // A tree started with no CPU time used: so its very first reading is one already.
    const startMs = members.find((member) => member.pid === pid)?.startMs ?? now;
    const rate = rates.get(pid) ?? createRate(0, startMs, startMs);
    rates.set(pid, rate);
    return { cpuPercent: percent(rate(cpuMs, now, now)), memoryBytes: members.reduce((sum, { pid }) => sum + residentBytes(root, pid), 0) };
  }

  return Object.freeze({
    host() {
      const ticks = machineTicks(root);
      return { cpuPercent: ticks && percent(machine(ticks.busy, ticks.all, uptimeMs(root))), ...machineMemory(root) };
    },
    trees(roots: readonly number[]) {
      for (const known of rates.keys()) if (!roots.includes(known)) rates.delete(known);
      const members = roots.length === 0 ? new Map<number, Process[]>() : membersOf(root, new Set(roots));
      const now = uptimeMs(root);
      return new Map([...members].map(([pid, processes]) => [pid, tree(pid, processes, now)]));
    },
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux, or the process has just ended.
    return '';
  }
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100;
}

function uptimeMs(root: string): number {
  return Number.parseFloat(read(`${root}/uptime`)) * 1_000;
}

/** user, nice, system, idle, iowait, irq, softirq, steal; guest times are in user and nice already. */
function machineTicks(root: string): { busy: number; all: number } | undefined {
  const line = /^cpu +(.*)$/m.exec(read(`${root}/stat`))?.[1];
  if (line === undefined) return undefined;
  const times = line.split(' ').slice(0, 8).map(Number);
  const all = times.reduce((sum, time) => sum + time, 0);
  return { busy: all - (times[3] ?? 0) - (times[4] ?? 0), all };
}

function machineMemory(root: string): HostReading {
  const text = read(`${root}/meminfo`);
  const bytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1]) * 1_024;
  const [memoryTotal, available] = [bytes('MemTotal'), bytes('MemAvailable')];
  return Number.isNaN(memoryTotal + available) ? {} : { memoryTotal, memoryUsed: memoryTotal - available };
}

function residentBytes(root: string, pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`${root}/${pid}/status`))?.[1] ?? 0) * 1_024;
}

function readProcess(root: string, pid: number): Process | undefined {
  const text = read(`${root}/${pid}/stat`);
  // The command's name stands in parentheses and may hold anything, parentheses and blanks included.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields.length < 20) return undefined;
  const at = (field: number) => fields[field - 3] as number;
  const cpuMs = (at(14) + at(15) + at(16) + at(17)) * MS_PER_TICK;
  return { pid, parent: at(4), session: at(6), cpuMs, startMs: at(22) * MS_PER_TICK };
}

/** Processes by the root they belong to: as its descendants, or through its session, which outlives a parent that has ended. */
function membersOf(root: string, roots: ReadonlySet<number>): Map<number, Process[]> {
  const pids = readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const processes = new Map<number, Process>();
  for (const pid of pids) {
    const process = readProcess(root, pid);
    if (process !== undefined) processes.set(pid, process);
  }
  const members = new Map<number, Process[]>();
  for (const process of processes.values()) {
    const owner = ownerOf(process, processes, roots);
    if (owner === undefined) continue;
    const known = members.get(owner);
    if (known === undefined) members.set(owner, [process]);
    else known.push(process);
  }
  return members;
}

function ownerOf(process: Process, processes: ReadonlyMap<number, Process>, roots: ReadonlySet<number>): number | undefined {
  for (let at: Process | undefined = process; at !== undefined; at = processes.get(at.parent)) {
    if (roots.has(at.pid)) return at.pid;
    if (roots.has(at.session)) return at.session;
  }
  return undefined;
}
