/** CPU and memory of the machine and of process trees, from Linux' `/proc` (proc(5)). On other systems all values are absent. */
import { readdirSync, readFileSync } from 'node:fs';
import type { HostReading } from '../../instrumentation/runwisp/index.ts';
import { createRate, type Rate } from './rate.ts';

export type Proc = ReturnType<typeof createProc>;

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
export function createProc(root = '/proc') {
  const rates = new Map<number, Rate>();
  const first = machineTicks(root);
  const machine = createRate(first?.busy ?? 0, first?.all ?? 0, uptimeMs(root));

  function tree(pid: number, members: readonly Process[], now: number) {
    // A tree started with no CPU time used: so its very first reading is one already.
    const startMs = members.find((member) => member.pid === pid)?.startMs ?? now;
    const rate = rates.get(pid) ?? createRate(0, startMs, startMs);
    rates.set(pid, rate);
    const cpuMs = sum(members.map((member) => member.cpuMs));
    return { cpuPercent: percent(rate(cpuMs, now, now)), memoryBytes: sum(members.map(({ pid }) => residentBytes(root, pid))) };
  }

  return Object.freeze({
    host(): HostReading {
      const ticks = machineTicks(root);
      return { cpuPercent: ticks && percent(machine(ticks.busy, ticks.all, uptimeMs(root))), ...machineMemory(root) };
    },
    /**
     * CPU use in per cent of one core, and resident memory, of the process trees below these pids. A root that has ended is left
     * out.
     */
    trees(roots: readonly number[]): ReadonlyMap<number, ReturnType<typeof tree>> {
      for (const known of rates.keys()) if (!roots.includes(known)) rates.delete(known);
      if (roots.length === 0) return new Map();
      const members = membersOf(root, new Set(roots));
      const now = uptimeMs(root);
      return new Map(
        [...members].flatMap(([pid, processes]) => (pid === undefined ? [] : [[pid, tree(pid, processes, now)] as const])),
      );
    },
  });
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
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
  const all = sum(times);
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
function membersOf(root: string, roots: ReadonlySet<number>): Map<number | undefined, Process[]> {
  const pids = readdirSync(root).filter((name) => /^\d+$/.test(name));
  const processes = new Map(pids.flatMap((pid) => readProcess(root, Number(pid)) ?? []).map((one) => [one.pid, one]));
  return Map.groupBy(processes.values(), (one) => ownerOf(one, processes, roots));
}

function ownerOf(process: Process, processes: ReadonlyMap<number, Process>, roots: ReadonlySet<number>): number | undefined {
  for (let at: Process | undefined = process; at !== undefined; at = processes.get(at.parent)) {
    if (roots.has(at.pid)) return at.pid;
    if (roots.has(at.session)) return at.session;
  }
  return undefined;
}
