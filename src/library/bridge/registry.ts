/**
 * The bridges of this process by contract name, under a global symbol: two loaded copies of this package (hot reload, ESM beside
 * CommonJS) find each other's bridge instead of recording everything twice.
 */
import type { Contract } from '../../core/contract/metric.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { keptOptionLine } from './reload.ts';

interface Shared {
  register(contract: Contract): unknown;
}

export interface Made<B extends Shared> {
  readonly bridge: B;
  /** Receives a log line when a hot reload changes what must stay. Absent: such a change is an error. */
  readonly handOver?: ((line: string) => void) | undefined;
}

interface Entry extends Made<Shared> {
  /** By path, e.g. `push.endpoint`. */
  readonly options: Readonly<Record<string, string>>;
}

// The number is the version of `Entry`: a copy with another version must not read this one's entries.
const key = Symbol.for('meterbridge.bridges.2');

function entries(): Map<string, Entry> {
  const holder = globalThis as { [key]?: Map<string, Entry> };
  holder[key] ??= new Map();
  return holder[key];
}

/**
 * Returns the existing bridge of this contract, or else creates one with `make`. In a hot reload, an edited contract replaces the
 * existing one.
 * @throws CONTRACT_CONFLICT otherwise, naming the first difference, if the contract or its options differ from the existing ones
 */
export function sharedBridge<B extends Shared>(contract: Contract, options: object, make: (forget: () => void) => Made<B>): B {
  const all = entries();
  const given = plain(options);
  const existing = all.get(contract.name);
  if (existing !== undefined) {
    existing.bridge.register(contract);
    const option = differingOption(existing.options, given);
    if (option === undefined) return existing.bridge as B;
    if (existing.handOver === undefined)
      throw conflict(contract.name, `another options.${option}`, 'a bridge keeps the options with which it was created');
    existing.handOver(keptOptionLine(contract.name, option));
    return existing.bridge as B;
  }
  const made = make(() => {
    if (all.get(contract.name) === entry) all.delete(contract.name);
  });
  const entry: Entry = { ...made, options: given };
  all.set(contract.name, entry);
  return made.bridge;
}

/** Those that are open, in the order in which they were made; not the isolated ones. */
export function sharedBridges<B extends Shared>(): readonly B[] {
  return [...entries().values()].map(({ bridge }) => bridge as B);
}

export function conflict(name: string, got: string, rule: string): MeterbridgeError {
  const fix = 'register it once and share the bridge, close the first bridge before, or give the contract another name';
  return new MeterbridgeError('CONTRACT_CONFLICT', [{ at: `contract ${name}`, got, rule, fix }]);
}

/** Returns the path only, not the values: an endpoint may contain a password. */
function differingOption(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string | undefined {
  return [...Object.keys(a), ...Object.keys(b)].find((path) => a[path] !== b[path]);
}

/** Options whose default is `false`. */
const offByDefault: readonly string[] = ['isolated', 'selfMetrics', 'strict'];

/**
 * Options as comparable strings, without functions and the environment, which belong to the process. Of headers, only their
 * names.
 */
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
