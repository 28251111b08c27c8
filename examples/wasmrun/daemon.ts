/** Starts an agent: its parts first, its listener last. */
import fastify from 'fastify';
import { mountWasmrunMetrics, type WasmrunProbes, wasmrun, wasmrunRecorder } from '../../instrumentation/wasmrun/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { Host } from '../host.ts';
import { openMain } from '../listen.ts';
import { createApi } from './api.ts';
import { loadConfig } from './config.ts';
import { createExecutor } from './executor.ts';
import { openSessions } from './sessions.ts';

/** How often expired sessions are removed, as upstream. */
const CLEAN_UP_EVERY_MS = 30_000;

export const start: Host = async (args, { log, closing }) => {
  const config = loadConfig(args, process.env);
  const bridge = meterbridge(wasmrun, { log });
  const sessions = await openSessions(config, Date.now, () => performance.now());
  closing.defer(sessions.close);
  closing.defer(() => bridge.close());
  const executor = createExecutor();
  closing.defer(executor.stop);
  let requestsInFlight = 0;
  const probes: WasmrunProbes = {
    sessions: sessions.readings,
    // Each execution has a thread of its own, and there are no other threads.
    load: () => ({ execInFlight: executor.inFlight(), workersLive: executor.inFlight(), requestsInFlight }),
  };
  const recorder = wasmrunRecorder(bridge, probes);
  const app = fastify({ bodyLimit: config.maxBodyBytes, forceCloseConnections: true });
  closing.defer(() => app.close());
  app.addHook('onRequest', async (_request, reply) => {
    requestsInFlight += 1;
    // Also when the client has gone away.
    reply.raw.once('close', () => {
      requestsInFlight -= 1;
    });
  });
  const cleaning = setInterval(() => {
    sessions.cleanUp().catch((error: unknown) => log(`sessions could not be cleaned up: ${error}`));
  }, CLEAN_UP_EVERY_MS);
  closing.defer(() => clearInterval(cleaning));

  await mountWasmrunMetrics({ app, bridge, config: config.metrics, recorder, probes, requestLog: { verbose: config.verbose } });
  await app.register(createApi(config, sessions, executor, recorder), { prefix: '/api/v1' });
  const main = await openMain(app, config, { host: '--host', port: '--port' });
  return { main, metrics: `${main}/api/v1/metrics` };
};
