/** The arguments of `meterbridge storage`. */
import type { Options } from '../../option.ts';
import { parsedSecretArguments } from '../../parsed-arguments.ts';
import { usageError } from '../../usage-error.ts';
import { headerOf } from '../check/source-arguments.ts';

export const storageUsage =
  'storage DIR [verify | salvage | send URL] [--exporter ID] [--all] [--output FILE] [--header NAME:VALUE]… [--format table|json]';

export const storageOptions = {
  exporter: { type: 'string', value: 'ID', what: 'only what is of this exporter', byDefault: 'all of them' },
  all: { type: 'boolean', what: 'salvage and send: all that waits, also in files that are whole' },
  output: { type: 'string', value: 'FILE', what: 'salvage: a new file', byDefault: 'standard output' },
  header: { type: 'string', multiple: true, value: 'NAME:VALUE', what: 'send: a header of each request' },
  format: { type: 'string', value: 'FORMAT', what: 'table, or json: an array with one object a log', byDefault: 'table' },
} as const satisfies Options;

const actions = ['verify', 'salvage', 'send'] as const;

export interface StorageArguments {
  readonly directory: string;
  readonly action: 'status' | (typeof actions)[number];
  /** Of `send`. */
  readonly url: URL | undefined;
  readonly exporter: string | undefined;
  readonly all: boolean;
  readonly output: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly format: 'table' | 'json';
}

/** @throws CLI_USAGE */
export function parseStorageArguments(args: readonly string[]): StorageArguments {
  const { values, positionals } = parsedSecretArguments(args, storageOptions, storageUsage);
  const [directory, word, endpoint, ...more] = positionals;
  const fix = `meterbridge ${storageUsage}`;
  if (directory === undefined) throw usageError('DIR', 'nothing', 'a directory is required', fix);
  const action = word === undefined ? 'status' : actions.find((one) => one === word);
  if (action === undefined) throw usageError('ARGUMENTS', JSON.stringify(word), 'behind DIR comes verify, salvage or send', fix);
  const tooMany = action === 'send' ? more : [endpoint, ...more].filter((one) => one !== undefined);
  if (tooMany.length > 0) throw usageError('ARGUMENTS', tooMany.join(' '), 'nothing follows', fix);
  const format = values.format ?? 'table';
  if (format !== 'table' && format !== 'json')
    throw usageError('--format', JSON.stringify(format), 'the format is table or json', 'use one of the two');
  return {
    directory,
    action,
    url: action === 'send' ? urlOf(endpoint) : undefined,
    exporter: values.exporter,
    all: values.all ?? false,
    output: values.output,
    headers: Object.fromEntries((values.header ?? []).map(headerOf)),
    format,
  };
}

/** It may have a password: the message does not show it. */
function urlOf(given: string | undefined): URL {
  if (given === undefined || !/^https?:\/\//.test(given) || !URL.canParse(given))
    throw usageError('URL', given === undefined ? 'nothing' : 'no http URL', 'it is an http URL', 'http://127.0.0.1:4318');
  return new URL(given);
}
