/** Puts a program with solti in it together: its parts first, then its doors, and only then its work. */
import { mountSoltiMetrics, solti, soltiBackend } from '../../instrumentation/solti/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { RunningHost } from '../host.ts';
import { createApi } from './api.ts';
import type { SoltiConfig } from './config.ts';
import { createEvents } from './events.ts';
import { commandSubscribers } from './subscribers.ts';
import { createSupervisor } from './supervisor.ts';

const VERSION = '0.1.0';

/** @throws when a listener cannot be opened; nothing has been started then. */
export async function startDaemon(config: SoltiConfig, log: (line: string) => void): Promise<RunningHost & { close(): Promise<void> }> {
  const { folder, tasks, token } = config;
  const bridge = meterbridge(solti, { log });
  const backend = soltiBackend({ registry: bridge, buildInfo: { version: VERSION } });
  const subscribers = commandSubscribers(config.subscribers, folder, log);
  const events = createEvents({ subscribers, supervision: backend.supervision, log });
  const supervisor = createSupervisor({ tasks, folder, backend, events, log });
  const app = createApi({ token, supervisor });

  async function close(): Promise<void> {
    await app.close();
    await supervisor.stop();
    await events.close();
    // The last push has the tasks that the end itself has canceled.
    await bridge.close();
  }

  try {
    const { url } = await mountSoltiMetrics({ app, backend, config: config.metrics });
    const main = await app.listen({ host: config.host, port: config.port });
    supervisor.start();
    if (token === undefined) log('no token: tasks cannot be canceled over HTTP; set SOLTI_TOKEN or [daemon] token');
    return Object.freeze({ main, metrics: url ?? `${main}/metrics`, close });
  } catch (error) {
    await close();
    throw error;
  }
}
