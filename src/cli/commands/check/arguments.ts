/** The command line of `meterbridge check`. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { parseArgs } from 'node:util';
import { defaultMaxSeries, defaultMaxValues, type LintLimits } from '../../../check/lint/lint.ts';
import { defaultMaxBytes, defaultTimeoutMs, type FetchOptions } from '../../../check/page/fetch-options.ts';
import { type ScrapeProtocol, scrapeProtocols } from '../../../check/page/protocol.ts';
import { isUrl } from '../../../check/page/shown-source.ts';
import { type ReportFormat, reportFormats } from '../../../check/report/index.ts';
import { usageError } from '../../usage-error.ts';

export const usage = 'check URL|FILE|-|--for SECONDS [OPTIONS]';

export interface CheckArguments {
  /** Undefined: OTLP is listened for. */
  readonly source: string | undefined;
  readonly listen: { readonly seconds: number; readonly http: string | undefined; readonly grpc: string | undefined };
  readonly format: ReportFormat;
  readonly failOn: 'error' | 'warning';
  /** A built-in host, or a file. */
  readonly contract: string | undefined;
  /** Every family is of the contract. */
  readonly only: boolean;
  /** A file of exceptions. */
  readonly accept: string | undefined;
  /** Milliseconds between two pages. */
  readonly twiceMs: number | undefined;
  readonly limits: LintLimits;
  readonly protocols: readonly ScrapeProtocol[] | undefined;
  readonly fetch: FetchOptions;
}

const options = {
  format: { type: 'string', short: 'f' },
  for: { type: 'string' },
  'otlp-http': { type: 'string' },
  'otlp-grpc': { type: 'string' },
  'fail-on': { type: 'string' },
  contract: { type: 'string' },
  only: { type: 'boolean' },
  accept: { type: 'string' },
  twice: { type: 'string' },
  'max-series': { type: 'string' },
  'max-values': { type: 'string' },
  'scrape-protocol': { type: 'string', multiple: true },
  header: { type: 'string', multiple: true },
  'bearer-file': { type: 'string' },
  'ca-file': { type: 'string' },
  'cert-file': { type: 'string' },
  'key-file': { type: 'string' },
  'server-name': { type: 'string' },
  'insecure-skip-verify': { type: 'boolean' },
  timeout: { type: 'string' },
  wait: { type: 'string' },
  'max-bytes': { type: 'string' },
} as const;

/** @throws CLI_USAGE */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const { values, positionals } = parsed(args);
  const [source, ...more] = positionals;
  const forMs = seconds('--for', values.for);
  if ((source === undefined) === (forMs === undefined)) {
    const got = source === undefined ? 'nothing' : `${JSON.stringify(source)} and --for`;
    throw usageError('URL|FILE|-', got, 'one endpoint or file is checked, or what comes over OTLP', `meterbridge ${usage}`);
  }
  if (more.length > 0) throw usageError('URL|FILE|-', positionals.join(' '), 'one endpoint or file is checked', `meterbridge ${usage}`);
  const isEndpoint = source !== undefined && isUrl(source);
  const twiceMs = seconds('--twice', values.twice);
  if (twiceMs !== undefined && !isEndpoint) {
    throw usageError('--twice', 'no URL', 'only an endpoint can be read twice', 'leave it out, or check a URL');
  }
  if (values.only === true && values.contract === undefined) {
    throw usageError('--only', 'no contract', 'all families are of the contract that --contract names', 'add --contract');
  }
  return {
    source,
    listen: { seconds: (forMs ?? 0) / 1_000, http: values['otlp-http'], grpc: values['otlp-grpc'] },
    contract: values.contract,
    only: values.only ?? false,
    accept: values.accept,
    twiceMs,
    limits: {
      maxSeries: wholeNumber('--max-series', values['max-series'], 0) ?? defaultMaxSeries,
      maxValues: wholeNumber('--max-values', values['max-values'], 0) ?? defaultMaxValues,
    },
    format: oneOf('--format', values.format ?? 'text', reportFormats),
    failOn: oneOf('--fail-on', values['fail-on'] ?? 'warning', ['error', 'warning']),
    protocols: protocolsOf(values['scrape-protocol'], isEndpoint),
    fetch: fetchOptions(values),
  };
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    // Not the arguments: a header among them may be a secret.
    const rule = error instanceof Error ? error.message : String(error);
    throw usageError('ARGUMENTS', `${args.length} arguments`, rule, `meterbridge ${usage}; --help lists the options`);
  }
}

function fetchOptions(values: Values): FetchOptions {
  const headers = (values.header ?? []).map(headerOf);
  const hasAuthorization = headers.some(([name]) => name.toLowerCase() === 'authorization');
  if (hasAuthorization && values['bearer-file'] !== undefined) {
    throw usageError('--bearer-file', 'a header Authorization, too', 'a request has one of the two', 'leave one out');
  }
  if ((values['cert-file'] === undefined) !== (values['key-file'] === undefined)) {
    throw usageError('--cert-file', 'one of --cert-file and --key-file', 'a certificate has a key', 'give both');
  }
  return {
    headers,
    timeoutMs: seconds('--timeout', values.timeout) ?? defaultTimeoutMs,
    waitMs: seconds('--wait', values.wait) ?? 0,
    maxBytes: wholeNumber('--max-bytes', values['max-bytes'], 1) ?? defaultMaxBytes,
    insecureSkipVerify: values['insecure-skip-verify'] ?? false,
    ...(values['bearer-file'] !== undefined && { bearerFile: values['bearer-file'] }),
    ...(values['ca-file'] !== undefined && { caFile: values['ca-file'] }),
    ...(values['cert-file'] !== undefined && { certFile: values['cert-file'] }),
    ...(values['key-file'] !== undefined && { keyFile: values['key-file'] }),
    ...(values['server-name'] !== undefined && { serverName: values['server-name'] }),
  };
}

/** No message shows the value, which may be a secret. */
function headerOf(given: string): readonly [string, string] {
  const colon = given.indexOf(':');
  const name = given.slice(0, Math.max(0, colon)).trim();
  const value = given.slice(colon + 1).trim();
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw usageError(
      '--header',
      colon < 0 ? 'no colon' : 'no header',
      'a header is NAME:VALUE in one line',
      "write --header 'X-Scope-OrgID: 1'",
    );
  }
  return [name, value];
}

function protocolsOf(given: readonly string[] | undefined, isEndpoint: boolean): readonly ScrapeProtocol[] | undefined {
  const protocols = given?.map((name) => oneOf('--scrape-protocol', name, scrapeProtocols));
  if (protocols !== undefined && protocols.length > 1 && !isEndpoint) {
    throw usageError('--scrape-protocol', protocols.join(', '), 'a file has one format', 'name one, or none');
  }
  return protocols;
}

function oneOf<const T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((value) => value === given);
  if (found === undefined) throw usageError(option, JSON.stringify(given), `it is ${known.join(' or ')}`, 'use one of these');
  return found;
}

/** In milliseconds. */
function seconds(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(given) ? Number(given) : 0;
  if (value === 0) throw usageError(option, JSON.stringify(given), 'it is a number of seconds above 0', `write ${option} 10`);
  return value * 1_000;
}

function wholeNumber(option: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  const value = /^\d{1,15}$/.test(given) ? Number(given) : -1;
  if (value < least)
    throw usageError(option, JSON.stringify(given), `it is a whole number of at least ${least}`, `write ${option} 1000000`);
  return value;
}
