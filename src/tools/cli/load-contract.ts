/** A contract by what the command line calls it: a built-in one, or a file. */
import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Contract, fromJson } from '../../core/contract/index.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { contractOfHost, hostNames } from './hosts.ts';
import { ownContract, ownNames } from './own-contracts.ts';

/** The names that need no file: hosts, then what Meterbridge itself shows. */
export const builtInNames: readonly string[] = Object.freeze([...hostNames, ...ownNames]);

const MODULES: readonly string[] = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * @param name a built-in host's name or prefix, what Meterbridge itself shows, a `.json` file, or a module whose default export
 * is a contract
 * @throws MeterbridgeError `CONTRACT_FILE` when there is none, `CONTRACT_INVALID` when it breaks rules
 */
export async function loadContract(name: string): Promise<Contract> {
  const host = await contractOfHost(name);
  if (host !== undefined) return host;
  const own = await ownContract(name);
  if (own !== undefined) return own.contract;
  const extension = extname(name);
  if (extension === '.json') return fromJson(readJson(name), name);
  if (isModule(name)) return await contractOfModule(pathToFileURL(resolve(name)), name);
  const rule = 'this is neither a built-in contract nor a .json file or module';
  throw contractFileError(name, 'no contract', rule, `use ${builtInNames.join(', ')} or a path with its extension`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw contractFileError(path, messageOf(error), 'a contract file is readable JSON', 'correct the path or the file', error);
  }
}

export function isModule(path: string): boolean {
  return MODULES.includes(extname(path));
}

/** @param name the module's name in messages */
export async function contractOfModule(url: URL, name: string, fix = 'export default contract(…)'): Promise<Contract> {
  const loaded = await imported(url, name);
  if (isContract(loaded)) return loaded;
  const rule = 'the default export of a contract module is a contract';
  throw contractFileError(name, loaded === undefined ? 'no default export' : typeof loaded, rule, fix);
}

async function imported(url: URL, name: string): Promise<unknown> {
  try {
    return ((await import(url.href)) as { readonly default?: unknown }).default;
  } catch (error) {
    // The module's own contract() may come from another copy of this package.
    if (MeterbridgeError.is(error)) throw error;
    throw contractFileError(name, messageOf(error), 'a contract module can be imported', fixOf(error), error);
  }
}

function fixOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  // Node.js runs no TypeScript of a package.
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') return 'compile the package to JavaScript before you publish it';
  return 'correct the path or the module';
}

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'name' in value && 'metrics' in value && 'maxAgeMs' in value;
}

export function contractFileError(at: string, got: string, rule: string, fix: string, cause?: unknown): MeterbridgeError {
  return new MeterbridgeError('CONTRACT_FILE', [{ at, got, rule, fix }], { cause });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
