/** Which hosts a server of the service answers requests for: the name in its `endpoint`, and what `--allowed-host` adds. */
import type { Address } from '../../core/config/schema/index.ts';
import { type HostCheck, serviceHosts } from '../../net/listen/hosts.ts';
import { hostName } from '../../net/listen/listen-address.ts';
import type { Limits } from '../limits.ts';

/** What `allowedHosts` is a list of. */
export const hostRule = 'it is a name without scheme and port';

export function isHost(value: unknown): boolean {
  return typeof value === 'string' && hostName.test(value);
}

/** Undefined at a socket, which no page of a browser can reach. */
export function hostsOf({ host, path }: Address, { allowedHosts = [] }: Limits): HostCheck | undefined {
  return path === undefined ? serviceHosts([host, ...allowedHosts]) : undefined;
}
