/** The command line of `meterbridge diff`. */
import type { FetchOptions } from '../../../check/page/fetch-options.ts';
import type { ScrapeProtocol } from '../../../check/page/protocol.ts';
import { parsedSecretArguments } from '../../parsed-arguments.ts';
import { usageError } from '../../usage-error.ts';
import { fetchArguments, protocolArgument, protocolsOf, readFetchArguments } from '../check/source-arguments.ts';
import type { UseInFiles } from './use-in-files.ts';

export const usage = 'diff OLD NEW|--impacts [OPTIONS]';

export const diffFormats = ['text', 'json', 'markdown'] as const;
export type DiffFormat = (typeof diffFormats)[number];

export interface DiffArguments {
  readonly impacts: false;
  readonly old: string;
  readonly next: string;
  readonly format: DiffFormat;
  /** Files with hints. */
  readonly renames: string | undefined;
  /** Ids of changes. */
  readonly allow: readonly string[];
  readonly allowFile: string | undefined;
  readonly fetch: FetchOptions;
  /** Undefined: each that an endpoint may have. */
  readonly protocols: readonly ScrapeProtocol[] | undefined;
  readonly use: UseInFiles;
}

/** What each kind of change does, without contracts. */
export interface ImpactArguments {
  readonly impacts: true;
  readonly format: DiffFormat;
}

const options = {
  impacts: { type: 'boolean' },
  format: { type: 'string', short: 'f' },
  renames: { type: 'string' },
  allow: { type: 'string', multiple: true },
  'allow-file': { type: 'string' },
  ...fetchArguments,
  ...protocolArgument,
  usage: { type: 'string', multiple: true },
  fix: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  bridge: { type: 'string' },
} as const;

/** @throws CLI_USAGE */
export function parseDiffArguments(args: readonly string[]): DiffArguments | ImpactArguments {
  const { values, positionals } = parsedSecretArguments(args, options, usage);
  const format = diffFormats.find((known) => known === (values.format ?? 'text'));
  if (format === undefined)
    throw usageError('--format', JSON.stringify(values.format), `it is ${diffFormats.join(', ')}`, 'use one of these');
  const { impacts = false, fix = false, 'dry-run': dryRun = false, bridge } = values;
  if (impacts && positionals.length > 0)
    throw usageError(
      '--impacts',
      `${positionals.length} contracts`,
      'it lists what each kind of change does',
      'leave the contracts out',
    );
  if (impacts) return { impacts, format };
  const [old, next, ...more] = positionals;
  // A shell puts several names in the place of `--usage rules/*.yaml`.
  const paths = values.usage === undefined ? [] : [...values.usage, ...more];
  if (old === undefined || next === undefined || paths.length < more.length) {
    const got = positionals.length === 0 ? 'nothing' : `${positionals.length} contracts`;
    throw usageError('OLD NEW', got, 'two contracts are compared', `meterbridge ${usage}; --help lists the options`);
  }
  if (fix && paths.length === 0)
    throw usageError('--fix', 'no --usage', 'it rewrites files that use the contract', 'name them: --usage PATH');
  if (dryRun && !fix) throw usageError('--dry-run', 'no --fix', 'it shows what --fix would write', 'add --fix, or leave it out');
  return {
    impacts,
    use: { paths, fix, dryRun, bridge },
    ...{ old, next, format, renames: values.renames, allow: values.allow ?? [], allowFile: values['allow-file'] },
    fetch: readFetchArguments(values),
    protocols: protocolsOf(values['scrape-protocol'], true),
  };
}
