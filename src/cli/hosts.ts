/** The host programs whose contracts come with Meterbridge, through the package's own exports. */
import type { Contract } from '../contract/index.ts';

/** By the name of their export. A host is imported when it is needed. */
const hosts: Readonly<Record<string, () => Promise<{ readonly default: Contract }>>> = {
  crewshipd: () => import('meterbridge/instrumentation/crewshipd'),
  'restic-manager': () => import('meterbridge/instrumentation/restic-manager'),
  runwisp: () => import('meterbridge/instrumentation/runwisp'),
  solti: () => import('meterbridge/instrumentation/solti'),
  wasmrun: () => import('meterbridge/instrumentation/wasmrun'),
};

/** Hosts whose series begin otherwise than their export is called. */
const prefixes: Readonly<Record<string, string>> = { rm: 'restic-manager', wasmrun_agent: 'wasmrun' };

/** The names of the built-in hosts, ascending. */
export const hostNames: readonly string[] = Object.freeze(Object.keys(hosts));

/** The contract of a built-in host, by its name or the prefix of its series; `undefined` when there is none. */
export async function contractOfHost(called: string): Promise<Contract | undefined> {
  const name = Object.hasOwn(prefixes, called) ? (prefixes[called] as string) : called;
  return Object.hasOwn(hosts, name) ? (await hosts[name]?.())?.default : undefined;
}
