import { resolve } from 'node:path';
import type { Address } from '../../../core/config/schema/index.ts';

const everywhere: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/** Whether two servers cannot listen at both. Port 0 is any free one. */
export function addressesConflict(a: Address, b: Address): boolean {
  if (a.path !== undefined && b.path !== undefined) return resolve(a.path) === resolve(b.path);
  if (a.port === 0 || a.port !== b.port) return false;
  const [one, two] = [a.host, b.host].map((host) => (host === 'localhost' ? '127.0.0.1' : host));
  return one === two || everywhere.has(one ?? '') || everywhere.has(two ?? '');
}
