/** Starts a crewshipd: its parts first, then its listener, then its work. */
import type { WebSocket } from 'ws';
import { crewshipd, crewshipdRecorder, mountCrewshipdMetrics } from '../../instrumentation/crewshipd/index.ts';
import { meterbridge } from '../../src/index.ts';
import { createBookkeeping } from '../bookkeeping.ts';
import { fromData } from '../database.ts';
import type { Host } from '../host.ts';
import { openMain } from '../listen.ts';
import { createApi } from './api.ts';
import { loadConfig } from './config.ts';
import { createContainers } from './containers.ts';
import { createDispatcher, type Event } from './dispatcher.ts';
import { startStandIn } from './stand-in-provider.ts';
import { DATABASE_NAME, openStore } from './store.ts';

export const start: Host = async (args, { log, closing }) => {
  const config = loadConfig(args, process.env);
  const startedAt = Date.now();
  const bridge = meterbridge(crewshipd(), { log });
  const store = fromData(config.data, DATABASE_NAME, () => openStore(config.data, startedAt));
  closing.defer(store.close);
  // The last push still queries the database.
  closing.defer(() => bridge.close());
  const books = createBookkeeping(log);
  closing.defer(books.close);
  const provider = await startStandIn();
  closing.defer(provider.close);
  const containers = createContainers();
  closing.defer(containers.close);
  function onEvent(event: Event): void {
    log(`assignment ${event.assignment} (${event.crew}): ${event.event}`);
    for (const socket of sockets) socket.send(JSON.stringify(event));
  }
  const dispatcher = createDispatcher({ store, books, containers, provider, maxRuns: config.maxRuns, onEvent, log });
  closing.defer(dispatcher.close);
  const app = await createApi(config.token, store, dispatcher, containers);
  closing.defer(() => app.close());
  const sockets: ReadonlySet<WebSocket> = app.websocketServer.clients;
  crewshipdRecorder(bridge, {
    database: store.reading,
    containers: containers.reading,
    wsConnections: () => sockets.size,
    credentialAuditDropped: dispatcher.auditDropped,
    startedAt,
  });

  await mountCrewshipdMetrics({ app, bridge, config: config.metrics });
  const main = await openMain(app, config, { host: 'CREWSHIP_HOST', port: 'CREWSHIP_PORT' });
  if (config.token === undefined) log('no token: nothing can be queued; set CREWSHIP_INTERNAL_TOKEN');
  dispatcher.pump();
  return { main, metrics: `${main}/metrics` };
};
