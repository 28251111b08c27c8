/** A bridge for a program that knows nothing of it. Whatever is wrong is one line on standard error, and the program goes on. */
import { createNoopMeter, type MeterProvider, metrics } from '@opentelemetry/api';
import { contract } from '../../core/contract/index.ts';
import type { MeterbridgeError } from '../../core/errors/error.ts';
import { type Bridge, meterbridge, openedBridge } from '../bridge/bridge.ts';
import { httpServerMetrics } from '../http-metrics/http-server-metrics.ts';
import { runtimeMetrics } from '../runtime-metrics/runtime-metrics.ts';
import { atEnd } from './at-end.ts';
import { createListener, type ProgramListener } from './listener.ts';
import { recordedOnce } from './recorded-once.ts';
import { contractName, nameForPush } from './service-name.ts';
import { type Environment, readVariables, type Say } from './variables.ts';

const say: Say = (line) => console.error(`meterbridge: ${line}`);

const otherProvider =
  'another meter provider is registered already, and stays: what libraries record goes there, and Meterbridge does not push, so that ' +
  'nothing arrives twice. Fix: to have all of it here, load meterbridge/register first (--require comes before --import).';

export async function register(given: Environment): Promise<void> {
  if (given.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return;
  const variables = readVariables(given, say);
  const packageName = nameForPush(given, process.argv[1]);
  const env = packageName === undefined ? given : { ...given, OTEL_SERVICE_NAME: packageName };
  const global = registerProvider();
  if (!global.ours) say(otherProvider);
  const ended = { yet: false };
  const bridge = openBridge(contractName(env.OTEL_SERVICE_NAME), env, { push: global.ours, ended });
  if (bridge === undefined) return;
  const { runtime, http } = variables;
  if (runtime !== 'none') guarded(() => runtimeMetrics(bridge, { names: runtime }));
  let listener: ProgramListener | undefined;
  const skip = ({ socket }: { readonly socket: { readonly localPort?: number | undefined } }) => {
    const port = listener?.port();
    return port !== undefined && socket.localPort === port;
  };
  if (http !== 'none') guarded(() => httpServerMetrics(bridge, { names: http, skip }).everyServer());
  global.show(recordedOnce(bridge.meterProvider, takenOn(bridge), sayOnce()));
  if (variables.listen !== undefined) listener = createListener(bridge, variables.listen, say, sayError);
  atEnd({
    flush: () => bridge.flush(),
    async close() {
      await listener?.close();
      await bridge.close();
      ended.yet = true;
    },
  });
  await listener?.opened;
}

/** Registered before there is a bridge, because a bridge beside another provider is another one. */
function registerProvider(): { readonly ours: boolean; show(provider: MeterProvider): void } {
  let shown: MeterProvider = { getMeter: createNoopMeter };
  const provider: MeterProvider = { getMeter: (...given) => shown.getMeter(...given) };
  // False: another one is registered already, and the API has said so to its logger.
  const ours = metrics.setGlobalMeterProvider(provider);
  return {
    ours,
    show(provider) {
      shown = provider;
    },
  };
}

interface Opening {
  /** False: by no means. */
  readonly push: boolean;
  /** What is recorded afterwards is no news: the program did not close anything. */
  readonly ended: { readonly yet: boolean };
}

/** Isolated: a program's own bridge may have the same name. With a wrong `OTEL_*` variable, the bridge does not push. */
function openBridge(name: string, env: Environment, { push, ended }: Opening): Bridge | undefined {
  const log = (line: string) => {
    if (!ended.yet) say(line);
  };
  const open = (options: object) =>
    meterbridge(contract(name, {}), { isolated: true, env, log, ...options }) as unknown as Bridge;
  return (push ? guarded(() => open({})) : undefined) ?? guarded(() => open({ push: false }));
}

/**
 * Whether an instrument is recorded on the bridge by Meterbridge itself. Names are the same in upper case (Metrics API,
 * "Instrument name syntax").
 */
function takenOn(bridge: Bridge): (instrument: string) => boolean {
  const names = new Set<string>();
  const view = openedBridge(bridge)?.view;
  const visitor = {
    family({ spec }: { readonly spec: { readonly name: string } }) {
      names.add(spec.name.toLowerCase());
      return false;
    },
    row() {},
  };
  // Nothing else has recorded yet.
  for (let cursor = view?.walk(visitor); cursor !== undefined; ) cursor = view?.walk(visitor, cursor);
  return (instrument) => names.has(instrument.toLowerCase());
}

function sayOnce(): (scope: string, instrument: string) => void {
  let said = false;
  return (scope, instrument) => {
    if (!said)
      say(
        `${scope} measures ${instrument}, as Meterbridge does: what both measure is recorded once, by Meterbridge. ${forTheirs}`,
      );
    said = true;
  };
}

const forTheirs =
  "Fix: for the library's, which may know routes, set METERBRIDGE_HTTP_METRICS=none, and METERBRIDGE_RUNTIME_METRICS=none for the runtime's.";

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
