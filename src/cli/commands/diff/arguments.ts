/** The command line of `meterbridge diff`. */
import { parseArgs } from 'node:util';
import { defaultTimeoutMs, type FetchOptions } from '../../../check/page/fetch-options.ts';
import { usageError } from '../../usage-error.ts';
import type { UseInFiles } from './use-in-files.ts';

export const usage = 'diff OLD NEW [OPTIONS]';

export const diffFormats = ['text', 'json', 'markdown'] as const;
export type DiffFormat = (typeof diffFormats)[number];

export interface DiffArguments {
  readonly old: string;
  readonly next: string;
  readonly format: DiffFormat;
  /** Files with hints. */
  readonly renames: string | undefined;
  /** Ids of changes. */
  readonly allow: readonly string[];
  readonly allowFile: string | undefined;
  readonly fetch: FetchOptions;
  readonly use: UseInFiles;
}

const options = {
  format: { type: 'string', short: 'f' },
  renames: { type: 'string' },
  allow: { type: 'string', multiple: true },
  'allow-file': { type: 'string' },
  'bearer-file': { type: 'string' },
  'ca-file': { type: 'string' },
  timeout: { type: 'string' },
  usage: { type: 'string', multiple: true },
  fix: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  bridge: { type: 'string' },
} as const;

/** @throws CLI_USAGE */
export function parseDiffArguments(args: readonly string[]): DiffArguments {
  const { values, positionals } = parsed(args);
  const [old, next, ...more] = positionals;
  // A shell puts several names in the place of `--usage rules/*.yaml`.
  const paths = values.usage === undefined ? [] : [...values.usage, ...more];
  if (old === undefined || next === undefined || paths.length < more.length) {
    const got = positionals.length === 0 ? 'nothing' : `${positionals.length} contracts`;
    throw usageError('OLD NEW', got, 'two contracts are compared', `meterbridge ${usage}; --help lists the options`);
  }
  const format = diffFormats.find((known) => known === (values.format ?? 'text'));
  if (format === undefined)
    throw usageError('--format', JSON.stringify(values.format), `it is ${diffFormats.join(', ')}`, 'use one of these');
  const { fix = false, 'dry-run': dryRun = false, bridge } = values;
  if (fix && paths.length === 0)
    throw usageError('--fix', 'no --usage', 'it rewrites files that use the contract', 'name them: --usage PATH');
  if (dryRun && !fix) throw usageError('--dry-run', 'no --fix', 'it shows what --fix would write', 'add --fix, or leave it out');
  return {
    use: { paths, fix, dryRun, bridge },
    ...{ old, next, format, renames: values.renames, allow: values.allow ?? [], allowFile: values['allow-file'] },
    fetch: {
      timeoutMs: timeoutOf(values.timeout),
      ...(values['bearer-file'] !== undefined && { bearerFile: values['bearer-file'] }),
      ...(values['ca-file'] !== undefined && { caFile: values['ca-file'] }),
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const rule = error instanceof Error ? error.message : String(error);
    throw usageError('ARGUMENTS', args.join(' '), rule, `meterbridge ${usage}; --help lists the options`);
  }
}

/** In milliseconds. */
function timeoutOf(given: string | undefined): number {
  if (given === undefined) return defaultTimeoutMs;
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(given) ? Number(given) : 0;
  if (value === 0) throw usageError('--timeout', JSON.stringify(given), 'it is a number of seconds above 0', 'write --timeout 10');
  return value * 1_000;
}
