/** A crewshipd in a stated state. */
import type { CrewshipdProbes, DatabaseReading } from '../../../instrumentation/crewshipd/index.ts';

/** 2026-07-28T11:30:00Z. */
export const now = 1_785_238_200_000;

/** Nine assignments in three crews' queues, some statuses spelled as no list has them, three providers in the ledger. */
export const database: DatabaseReading = {
  assignments: [
    { name: 'QUEUED', count: 9 },
    { name: ' Running ', count: 2 },
    { name: 'COMPLETED', count: 120 },
    { name: 'completed', count: 3 },
    { name: 'FAILED', count: 7 },
    { name: 'AWAITING_HUMAN', count: 1 },
    { name: '', count: 4 },
  ],
  queues: [2, 6, 1],
  pipelineRuns: [
    { name: 'running', count: 1 },
    { name: 'completed', count: 40 },
    { name: 'DRY_RUN', count: 5 },
    { name: 'interrupted', count: 2 },
    { name: 'paused', count: 3 },
  ],
  runEvents: [
    { name: 'started', count: 131 },
    { name: 'completed', count: 110 },
    { name: 'failed', count: 12 },
    { name: 'timeout', count: 4 },
    { name: 'retried', count: 99 },
  ],
  providers: [
    { provider: 'OPENAI', calls: 40, costUsd: 1.25 },
    { provider: 'ANTHROPIC', calls: 900, costUsd: 17.0625 },
    { provider: 'weird"provider\\name', calls: 1, costUsd: 0 },
  ],
  migrationVersion: 20_260_728_110_200,
};

/** An hour and a half second after its start. */
export function probes(changes: Partial<CrewshipdProbes> = {}): CrewshipdProbes {
  return {
    database: () => database,
    containers: () => ({ tracked: 5, reporting: 4 }),
    wsConnections: () => 3,
    credentialAuditDropped: () => 2,
    startedAt: now - 3_600_500,
    process: () => ({ goroutines: 17, memoryAlloc: 41_943_040, memorySys: 134_217_728, gcRuns: 88 }),
    clock: () => now,
    ...changes,
  };
}
