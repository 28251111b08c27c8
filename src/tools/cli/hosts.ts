/** The host programs whose contracts come with Meterbridge, through the package's own exports. */
import type { Contract } from '../../core/contract/index.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';

interface Host {
  /** Of the newest version that is known, or of the one that is recorded. */
  readonly default: Contract;
  /** Of each version that has another one. Absent: the host's is not known to have changed. */
  readonly versions?: Readonly<Record<string, () => Contract | Promise<Contract>>>;
}

/** By the name of their export. A host is imported when it is needed. */
const hosts: Readonly<Record<string, () => Promise<Host>>> = {
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

/** Of help texts, behind the hosts' names. */
export const versionHelp = 'HOST@VERSION is another version of a host, such as solti@0.0.8';

/** The host's name without its version; `undefined`: it is none. */
export function hostNameOf(called: string): string | undefined {
  const name = called.split('@', 1)[0] ?? called;
  return hostNames.includes(name) ? name : undefined;
}

/**
 * The contract of a built-in host, by its name or the prefix of its series, and `@VERSION` for another version than the newest
 * that is known; `undefined` when there is no such host.
 * @throws MeterbridgeError `CONTRACT_FILE` for a version that is not known
 */
export async function contractOfHost(called: string): Promise<Contract | undefined> {
  const at = called.indexOf('@');
  const [given, version] = at < 0 ? [called, undefined] : [called.slice(0, at), called.slice(at + 1)];
  const name = Object.hasOwn(prefixes, given) ? (prefixes[given] as string) : given;
  const host = Object.hasOwn(hosts, name) ? await hosts[name]?.() : undefined;
  return host === undefined || version === undefined ? host?.default : await contractAt(host, called, version);
}

async function contractAt({ versions = {} }: Host, called: string, version: string): Promise<Contract> {
  if (Object.hasOwn(versions, version)) return await (versions[version] as () => Contract | Promise<Contract>)();
  const known = Object.keys(versions).join(', ');
  const rule = known === '' ? 'the host has one contract for all versions' : `the versions that are known are ${known}`;
  throw new MeterbridgeError('CONTRACT_FILE', [
    { at: called, got: 'another version', rule, fix: 'use one of them, or leave @VERSION out' },
  ]);
}
