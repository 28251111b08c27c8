/** Reads the daemon's run database from outside, while the daemon writes it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_NAME } from '../runwisp/run-store.ts';
import { type Samples, seriesOf } from './sample.ts';

export interface RunLog {
  /** Runs that have ended since the last call, one line each. */
  news(): string[];
  /** What the metrics of the runs have to be. */
  samples(): Samples;
  close(): void;
}

interface Run {
  readonly id: number;
  readonly task: string;
  readonly status: string;
  readonly started_at: number;
  readonly ended_at: number;
}

export function openRunLog(folder: string): RunLog {
  const database = new DatabaseSync(join(folder, DATABASE_NAME), { readOnly: true, timeout: 2_000 });
  const ended = database.prepare(`SELECT * FROM runs WHERE ended_at IS NOT NULL ORDER BY ended_at, id`);
  const byStatus = database.prepare(`SELECT status, count(*) AS runs FROM runs GROUP BY status`);
  const lastFailure = database.prepare(`SELECT max(ended_at) AS at FROM runs WHERE status = 'failed'`);
  const active = database.prepare(`SELECT task, trigger, count(*) AS runs FROM runs WHERE status = 'running' GROUP BY task, trigger`);
  const told = new Set<number>();

  return {
    news() {
      const fresh = (ended.all() as unknown as Run[]).filter(({ id }) => !told.has(id));
      for (const { id } of fresh) told.add(id);
      return fresh.map(({ task, status, started_at, ended_at }) => {
        const seconds = ((ended_at - started_at) / 1_000).toFixed(2);
        return `${new Date(ended_at).toISOString().slice(11, 23)}  ${task.padEnd(18)} ${status.padEnd(8)}${status === 'missed' ? '' : ` ${seconds} s`}`;
      });
    },
    samples() {
      const found = new Map<string, number>(byStatus.all().map(({ status, runs }) => [String(status), Number(runs)]));
      const samples = new Map<string, number>();
      for (const status of ['success', 'failed', 'missed'])
        samples.set(seriesOf('runwisp_runs_total', [['status', status]]), found.get(status) ?? 0);
      const { at } = lastFailure.get() as { at: number | null };
      if (at !== null) samples.set('runwisp_runs_last_failure_timestamp_seconds', Math.floor(at / 1_000));
      for (const { task, trigger, runs } of active.all()) {
        const kind = trigger === 'service' ? 'service' : 'task';
        samples.set(
          seriesOf('runwisp_task_active_runs', [
            ['task', String(task)],
            ['kind', kind],
          ]),
          Number(runs),
        );
      }
      return samples;
    },
    close: () => database.close(),
  };
}
