/** RunWisp: its schedules give it work, and its run database has the results. */
import { fileURLToPath } from 'node:url';
import { counted } from '../../src/tools/demo/board/words.ts';
import { type DemoHost, total } from './host.ts';
import { openRunLog } from './run-log.ts';

const CONFIG = fileURLToPath(new URL('./runwisp.toml', import.meta.url));
const runs = 'runwisp_runs_total';

export const runwisp: DemoHost = {
  name: 'runwisp',
  shown: ['runwisp_runs_total', 'runwisp_task_active_runs'],
  moving: /^runwisp_(?:task_cpu_percent|task_memory_bytes|daemon_cpu_percent|daemon_memory_used_bytes|daemon_uptime_seconds)\b/,
  // A process that has ended has none of them.
  leaving: /^runwisp_task_(?:cpu_percent|memory_bytes)\b/,
  settings: (data) => ({ args: ['--config', CONFIG, '--data', data], env: {} }),
  async open({ data }) {
    const log = openRunLog(data);
    return {
      samples: async () => log.samples(),
      // Two rounds of the tasks, so that a slot has been missed.
      done: (recorded) => total(recorded, runs, 'missed') > 0,
      life(recorded) {
        const count = (status: string) => total(recorded, runs, status);
        return `${counted(total(recorded, runs), 'run')}, ${count('failed')} failed, ${count('missed')} missed, ${total(recorded, 'runwisp_task_active_runs')} under way`;
      },
      close: log.close,
    };
  },
};
