/** Puts a crewshipd together: its parts first, then its door, and only then its work. */
import type { WebSocket } from 'ws';
import { crewshipd, crewshipdRecorder, mountCrewshipdMetrics } from '../../instrumentation/crewshipd/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { RunningHost } from '../host.ts';
import { createApi } from './api.ts';
import type { CrewshipdConfig } from './config.ts';
import { createContainers } from './containers.ts';
import { createDispatcher, type Event } from './dispatcher.ts';
import { startStandIn } from './stand-in-provider.ts';
import { openStore } from './store.ts';

/** @throws when the listener cannot be opened; nothing has been started then. */
export async function startDaemon(config: CrewshipdConfig, log: (line: string) => void): Promise<RunningHost & { close(): Promise<void> }> {
  const startedAt = Date.now();
  const bridge = meterbridge(crewshipd(), { log });
  const store = openStore(config.data, startedAt);
  const containers = createContainers();
  const provider = await startStandIn();
  const app = await createApi({ token: config.token, store, dispatcher: () => dispatcher, containers });
  const sockets: ReadonlySet<WebSocket> = app.websocketServer.clients;
  function onEvent(event: Event): void {
    log(`assignment ${event.assignment} (${event.crew}): ${event.event}`);
    for (const socket of sockets) socket.send(JSON.stringify(event));
  }
  const dispatcher = createDispatcher({ store, containers, provider, maxRuns: config.maxRuns, onEvent, log });
  crewshipdRecorder(bridge, {
    database: () => store.reading(),
    containers: () => containers.reading(),
    wsConnections: () => sockets.size,
    credentialAuditDropped: () => dispatcher.auditDropped(),
    startedAt,
  });

  async function close(): Promise<void> {
    // First whatever could queue another assignment.
    await app.close();
    await dispatcher.close();
    await containers.close();
    await provider.close();
    // The last push still asks the database.
    await bridge.close();
    store.close();
  }

  try {
    await mountCrewshipdMetrics({ app, bridge, config: config.metrics });
    const main = await app.listen({ host: config.host, port: config.port });
    if (config.token === undefined) log('no token: nothing can be queued; set CREWSHIP_INTERNAL_TOKEN');
    dispatcher.pump();
    return Object.freeze({ main, metrics: `${main}/metrics`, close });
  } catch (error) {
    await close();
    throw error;
  }
}
