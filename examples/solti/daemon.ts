/** Starts a program that embeds solti: its parts first, then its listeners, then its work. */
import { mountSoltiMetrics, solti, soltiBackend } from '../../instrumentation/solti/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { Host } from '../host.ts';
import { openMain } from '../listen.ts';
import { createAgents } from './agents.ts';
import { createApi } from './api.ts';
import { loadConfig } from './config.ts';
import { startDiscovery } from './discovery.ts';
import { createEvents } from './events.ts';
import { createSupervisor } from './supervisor.ts';

const VERSION = '0.1.0';

export const start: Host = async (args, { log, closing }) => {
  const config = loadConfig(args, process.env);
  const { token, metrics, discovery } = config;
  const bridge = meterbridge(solti, { log, scrape: { onTooLarge: 'fail' } });
  // The last push includes the tasks that this shutdown has canceled.
  closing.defer(() => bridge.close());
  const backend = soltiBackend({ registry: bridge, buildInfo: { version: VERSION } });
  const events = createEvents(config, backend.supervision, log);
  closing.defer(events.close);
  const supervisor = createSupervisor(config, backend, events, log);
  closing.defer(supervisor.stop);
  const app = createApi({ metrics: backend.api, token, supervisor, agents: createAgents(config.agents) });
  closing.defer(() => app.close());

  const { url } = await mountSoltiMetrics({ app, backend, config: metrics });
  const main = await openMain(app, config, { host: '--host', port: '--port' });
  supervisor.start();
  if (discovery !== undefined) closing.defer(startDiscovery({ ...discovery, endpoint: main, metrics: backend.discovery(), log }));
  if (token === undefined) log('no token: tasks cannot be started or canceled over HTTP; set SOLTI_TOKEN or [daemon] token');
  return { main, metrics: url ?? `${main}/metrics` };
};
