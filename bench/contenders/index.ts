/** Contenders by name. Each is loaded in its own process only, so that nobody pays for another one's modules. */
import { Skip } from '../bench-case.ts';
import type { Contender } from './contender.ts';

const loaders: Readonly<Record<string, () => Promise<{ readonly contender: Contender }>>> = {
  meterbridge: () => import('./meterbridge.ts'),
  'meterbridge-protobuf': () => import('./meterbridge-protobuf.ts'),
  'meterbridge-sdk': () => import('./meterbridge-sdk.ts'),
  'prom-client': () => import('./prom-client.ts'),
  '@prometheus-io/client': () => import('./prometheus-io-client.ts'),
  'otel-sdk': () => import('./otel-sdk.ts'),
  'two-maps': () => import('./two-maps.ts'),
  empty: () => import('./empty.ts'),
};

/** Meterbridge and what a JavaScript program could take in its place. */
export const javascript = ['meterbridge', 'meterbridge-sdk', 'prom-client', '@prometheus-io/client', 'otel-sdk'] as const;
/** Those of pages in protobuf; all others write text. */
export const protobuf = ['meterbridge-protobuf', 'client_golang-protobuf'] as const;
export const go = ['client_golang', 'VictoriaMetrics/metrics'] as const;

export async function loadContender(name: string): Promise<Contender> {
  const load = loaders[name];
  if (load === undefined) throw new Error(`no contender ${name}; there are ${Object.keys(loaders).join(', ')}`);
  try {
    return (await load()).contender;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') throw new Skip(error.message);
    throw error;
  }
}
