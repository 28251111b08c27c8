/** Puts an agent together: its parts first, and its door last. */
import fastify from 'fastify';
import { mountWasmrunMetrics, type WasmrunProbes, wasmrun, wasmrunRecorder } from '../../instrumentation/wasmrun/index.ts';
import { MeterbridgeError, meterbridge } from '../../src/index.ts';
import type { RunningHost } from '../host.ts';
import { createApi } from './api.ts';
import type { WasmrunConfig } from './config.ts';
import { createExecutor } from './executor.ts';
import { createRates } from './rate.ts';
import { openSessions } from './sessions.ts';

/** How often expired sessions are removed, as upstream. */
const CLEAN_UP_EVERY_MS = 30_000;

/** @throws when the listener cannot be opened; nothing is left behind then. */
export async function startDaemon(config: WasmrunConfig, log: (line: string) => void): Promise<RunningHost & { close(): Promise<void> }> {
  const clock = Date.now;
  const bridge = meterbridge(wasmrun, { log });
  const { sessionTimeoutMs, maxSessions, memoryCapPages } = config;
  const sessions = await openSessions({ timeoutMs: sessionTimeoutMs, most: maxSessions, memoryCapPages, clock });
  const executor = createExecutor();
  let requestsInFlight = 0;
  const probes: WasmrunProbes = {
    sessions: () => sessions.readings(),
    // Each execution has a thread of its own, and there are no other threads.
    load: () => ({ execInFlight: executor.inFlight(), workersLive: executor.inFlight(), requestsInFlight }),
  };
  const recorder = wasmrunRecorder(bridge, probes);
  const app = fastify({ bodyLimit: config.maxBodyBytes, forceCloseConnections: true });
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

  async function close(): Promise<void> {
    clearInterval(cleaning);
    await app.close();
    await executor.stop();
    await bridge.close();
    await sessions.close();
  }

  try {
    await mountWasmrunMetrics({ app, bridge, config: config.metrics, recorder, probes, requestLog: { verbose: config.verbose } });
    const mayAsk = createRates(config.rates, clock);
    await app.register(createApi({ config, sessions, executor, recorder, mayAsk }), { prefix: '/api/v1' });
    const main = await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => notListening(config, error));
    return Object.freeze({ main, metrics: `${main}/api/v1/metrics`, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function notListening({ host, port }: WasmrunConfig, cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  const problem =
    code === 'EADDRINUSE'
      ? { at: '--port', got: String(port), rule: 'the port must be free', fix: 'stop what listens there, or choose another' }
      : { at: '--host', got: JSON.stringify(host), rule: `it can be listened at (${code})`, fix: 'write an address of this machine' };
  throw new MeterbridgeError('LISTEN_FAILED', [problem], { cause });
}
