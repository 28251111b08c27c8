/** A RunWisp in a stated state. */
import type { RunwispProbes } from '../../../instrumentation/runwisp/index.ts';

/** 2026-04-01T13:30:00Z. */
export const now = 1_775_050_200_000;

/**
 * An hour after its start: 41 runs succeeded, 3 failed, 2 were missed; three tasks, one of them with a process tree that can be
 * read.
 */
export function probes(changes: Partial<RunwispProbes> = {}): RunwispProbes {
  return {
    runTotals: () => ({ success: 41, failed: 3, missed: 2, lastFailureMs: 1_775_046_600_999 }),
    tasks: () => [
      { name: 'weird"task\\name', kind: '', active: 0 },
      { name: 'web', kind: 'service', active: 1, cpuPercent: 150.5, memoryBytes: 52_428_800 },
      { name: 'backup', kind: 'task', active: 2 },
    ],
    host: () => ({ cpuPercent: 37.5, memoryUsed: 8_589_934_592, memoryTotal: 17_179_869_184 }),
    startedAt: now - 3_600_000,
    version: '1.4.0',
    clock: () => now,
    ...changes,
  };
}
