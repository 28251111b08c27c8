/** Reads the daemon's run database from outside, while the daemon writes it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_NAME } from '../runwisp/run-store.ts';
import { type Samples, seriesOf } from './sample.ts';

export interface RunLog {
  /** The expected metrics of the runs. */
  samples(): Samples;
  close(): void;
}

export function openRunLog(folder: string): RunLog {
  const database = new DatabaseSync(join(folder, DATABASE_NAME), { readOnly: true, timeout: 2_000 });
  const byStatus = database.prepare(`SELECT status, count(*) AS runs FROM runs GROUP BY status`);
  const lastFailure = database.prepare(`SELECT max(ended_at) AS at FROM runs WHERE status = 'failed'`);
  const active = database.prepare(
    `SELECT task, trigger, count(*) AS runs FROM runs WHERE status = 'running' GROUP BY task, trigger`,
  );

  return {
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
