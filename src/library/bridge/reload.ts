/**
 * Hot reload (`next dev`, `vite`): a module is evaluated again in the same process, and does again what it did before. Outside
 * production the later contract, callback or listener replaces the earlier one, with a log line. In production, doing so is an
 * error.
 */
import type { Contract } from '../../core/contract/metric.ts';
import type { BridgeOptions } from './options.ts';

/** Whether this process replaces. An isolated bridge, which no other module finds, never does. */
export function replacesOnReload({ isolated, env }: BridgeOptions): boolean {
  return isolated !== true && ![env, process.env].some((one) => one?.NODE_ENV === 'production');
}

/** The most metrics that a line names. */
const mostNamed = 5;

export function replacedLine({ name }: Contract, found: string, ended: readonly string[]): string {
  const more = ended.length > mostNamed ? ` and ${ended.length - mostNamed} more` : '';
  const lost =
    ended.length === 0
      ? 'every metric goes on'
      : `${ended.slice(0, mostNamed).join(', ')}${more}: earlier values are gone; all others go on`;
  return (
    `contract ${name} is replaced (${found}), as after a hot reload; ${lost}. In production this is CONTRACT_CONFLICT. ` +
    'Fix, if no module was reloaded: give one of the two another name.'
  );
}

/** `path`: of the first option that differs. */
export function keptOptionLine(name: string, path: string): string {
  return `contract ${name}: options.${path} is edited; the running bridge keeps its own. Fix: restart the process`;
}

export function handedOverLine(address: string): string {
  return `listen: ${address} is handed over to a later call, as after a hot reload; in production this is LISTEN_FAILED`;
}
