/** A bridge for a program that knows nothing of it. Whatever is wrong is one line on standard error, and the program goes on. */
import { metrics } from '@opentelemetry/api';
import type { Bridge } from '../bridge/bridge.ts';
import { contract } from '../contract/index.ts';
import { httpServerMetrics } from '../http-metrics.ts';
import { type MeterbridgeError, meterbridge } from '../index.ts';
import { runtimeMetrics } from '../runtime-metrics.ts';
import { atEnd } from './at-end.ts';
import { contractName, nameForPush } from './service-name.ts';
import { type Environment, readVariables, type Say } from './variables.ts';

const say: Say = (line) => console.error(`meterbridge: ${line}`);

export async function register(given: Environment): Promise<void> {
  if (given.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return;
  const variables = readVariables(given, say);
  const packageName = nameForPush(given, process.argv[1]);
  const env = packageName === undefined ? given : { ...given, OTEL_SERVICE_NAME: packageName };
  const bridge = openBridge(contractName(env.OTEL_SERVICE_NAME), env);
  if (bridge === undefined) return;
  atEnd(() => bridge.close());
  // False: another one is registered already, and the API has said so to its logger.
  if (!metrics.setGlobalMeterProvider(bridge.meterProvider)) say('another meter provider is registered already, and stays.');
  const { runtime, http } = variables;
  if (runtime !== 'none') guarded(() => runtimeMetrics(bridge, { names: runtime }));
  let port: number | undefined;
  const skip = ({ socket }: { readonly socket: { readonly localPort?: number | undefined } }) =>
    port !== undefined && socket.localPort === port;
  if (http !== 'none') guarded(() => httpServerMetrics(bridge, { names: http, skip }).everyServer());
  if (variables.listen !== undefined) port = await listen(bridge, variables.listen);
}

/** Isolated: a program's own bridge may have the same name. With a wrong `OTEL_*` variable, the bridge does not push. */
function openBridge(name: string, env: Environment): Bridge | undefined {
  const open = (options: object) => meterbridge(contract(name, {}), { isolated: true, env, ...options }) as unknown as Bridge;
  return guarded(() => open({})) ?? guarded(() => open({ push: false }));
}

/** Returns the port; undefined: none is open. */
async function listen(bridge: Bridge, address: string): Promise<number | undefined> {
  try {
    return (await bridge.listen(address, { unref: true, at: 'METERBRIDGE_LISTEN' })).address.port;
  } catch (error) {
    sayError(error);
    return undefined;
  }
}

function guarded<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    sayError(error);
    return undefined;
  }
}

function sayError(error: unknown): void {
  for (const line of String((error as MeterbridgeError).message ?? error).split('\n')) say(line);
}
