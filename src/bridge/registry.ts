/**
 * The bridges of this process by contract name, under a global symbol: two loaded copies of this package (hot reload, ESM beside CommonJS) find
 * each other's bridge instead of recording everything twice.
 */
import { difference } from '../contract/index.ts';
import type { Contract } from '../contract/metric.ts';
import { MeterbridgeError } from '../errors/error.ts';

interface Entry {
  readonly contract: Contract;
  /** By path, e.g. `push.endpoint`. */
  readonly options: Readonly<Record<string, string>>;
  readonly bridge: object;
}

// The number is the version of `Entry`: a copy with another version must not read this one's entries.
const key = Symbol.for('meterbridge.bridges.1');

function entries(): Map<string, Entry> {
  const holder = globalThis as { [key]?: Map<string, Entry> };
  holder[key] ??= new Map();
  return holder[key];
}

/**
 * Returns the existing bridge of this contract, or else creates one with `make`.
 * @throws CONTRACT_CONFLICT naming the first difference, if the contract or its options differ from the existing ones
 */
export function sharedBridge<B extends object>(contract: Contract, options: object, make: (forget: () => void) => B): B {
  const all = entries();
  const given = plain(options);
  const existing = all.get(contract.name);
  if (existing !== undefined) {
    refuseDifference(existing.contract, contract);
    const option = differingOption(existing.options, given);
    if (option !== undefined)
      throw conflict(contract.name, `another options.${option}`, 'a bridge keeps the options with which it was created');
    return existing.bridge as B;
  }
  const bridge = make(() => {
    if (all.get(contract.name)?.bridge === bridge) all.delete(contract.name);
  });
  all.set(contract.name, { contract, options: given, bridge });
  return bridge;
}

/** @throws CONTRACT_CONFLICT if two contracts of one name differ */
export function refuseDifference(existing: Contract, again: Contract): void {
  if (existing === again) return;
  const found = difference(existing, again);
  if (found !== undefined) throw conflict(again.name, found, 'a contract of this name is registered with other contents');
}

function conflict(name: string, got: string, rule: string): MeterbridgeError {
  const fix = 'register it once and share the bridge, close the first bridge before, or give the contract another name';
  return new MeterbridgeError('CONTRACT_CONFLICT', [{ at: `contract ${name}`, got, rule, fix }]);
}

/** Returns the path only, not the values: an endpoint may contain a password. */
function differingOption(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string | undefined {
  return [...Object.keys(a), ...Object.keys(b)].find((path) => a[path] !== b[path]);
}

/** Options whose default is `false`. */
const offByDefault: readonly string[] = ['isolated', 'selfMetrics'];

/** Options as comparable strings, without functions and the environment, which belong to the process. Of headers, only their names. */
function plain(options: object, at = ''): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    const path = `${at}${name}`;
    if (value === undefined || typeof value === 'function' || path === 'env') continue;
    if (value === false && offByDefault.includes(path)) continue;
    if (typeof value === 'object' && value !== null) {
      all[path] = '{}';
      Object.assign(all, plain(value, `${path}.`));
    } else all[path] = path.startsWith('push.headers.') ? 'given' : JSON.stringify(value);
  }
  return all;
}
