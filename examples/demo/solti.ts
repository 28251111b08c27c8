/** A program with solti in it: tasks of every kind, and what its API reports about them. */
import { fileURLToPath } from 'node:url';
import type { TaskState } from '../solti/supervisor.ts';
import { type DemoHost, total } from './host.ts';
import { type Samples, seriesOf } from './sample.ts';

const CONFIG = fileURLToPath(new URL('./solti.toml', import.meta.url));
const phases = ['pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled', 'exhausted'] as const;
const byPhase = 'solti_sv_tasks_by_phase';
/** The three tasks that never succeed. */
const GIVEN_UP = 3;

export const solti: DemoHost = {
  name: 'solti',
  shown: ['solti_sv_tasks_by_phase'],
  // Each look is a request.
  moving: /^solti_api_/,
  settings: () => ({ args: ['--config', CONFIG], env: {} }),
  async open({ main, ended }) {
    return {
      async samples(): Promise<Samples> {
        const answer = await fetch(`${main}/tasks`, { signal: ended });
        const tasks = (await answer.json()) as readonly TaskState[];
        return new Map(
          phases.map((phase) => [seriesOf(byPhase, [['phase', phase]]), tasks.filter((task) => task.phase === phase).length]),
        );
      },
      done: (recorded) => total(recorded, byPhase, '"exhausted"') === GIVEN_UP,
      life(recorded) {
        const shown = phases
          .map((phase) => [phase, total(recorded, byPhase, `"${phase}"`)] as const)
          .filter(([, tasks]) => tasks > 0);
        return `tasks: ${shown.map(([phase, tasks]) => `${tasks} ${phase}`).join(', ')}`;
      },
      close() {},
    };
  },
};
