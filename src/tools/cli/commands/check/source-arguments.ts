/** What `check`, `infer` and `diff` have in common on the command line: what they look at, and how an endpoint is asked. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { defaultMaxBytes, defaultTimeoutMs, type FetchOptions } from '../../../check/page/fetch-options.ts';
import { type ScrapeProtocol, scrapeProtocols } from '../../../check/page/protocol.ts';
import { isUrl } from '../../../check/page/shown-source.ts';
import { usageError } from '../../usage-error.ts';

export interface SourceArguments {
  /** Undefined: OTLP is listened for. */
  readonly source: string | undefined;
  readonly listen: { readonly seconds: number; readonly http: string | undefined; readonly grpc: string | undefined };
  readonly protocols: readonly ScrapeProtocol[] | undefined;
  readonly fetch: FetchOptions;
}

const text = { type: 'string' } as const;
const repeatable = { type: 'string', multiple: true } as const;

/** For `parseArgs`: how an endpoint is asked. */
export const fetchArguments = {
  header: repeatable,
  'bearer-file': text,
  'ca-file': text,
  'cert-file': text,
  'key-file': text,
  'server-name': text,
  'insecure-skip-verify': { type: 'boolean' },
  timeout: text,
  wait: text,
  'max-bytes': text,
} as const;

/** For `parseArgs`: the formats that are asked for. */
export const protocolArgument = { 'scrape-protocol': repeatable } as const;

/** For `parseArgs`. */
export const sourceArguments = {
  ...fetchArguments,
  for: text,
  'otlp-http': text,
  'otlp-grpc': text,
  ...protocolArgument,
} as const;

type Given<Options extends Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>> = {
  readonly [K in keyof Options]?:
    | (Options[K] extends { multiple: true } ? string[] : Options[K]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};

type FetchValues = Given<typeof fetchArguments>;

/**
 * @param what is done to a source, such as `is checked`
 * @throws CLI_USAGE
 */
export function readSourceArguments(
  values: Given<typeof sourceArguments>,
  positionals: readonly string[],
  { usage, what }: { readonly usage: string; readonly what: string },
): SourceArguments {
  const [source, ...more] = positionals;
  const forMs = seconds('--for', values.for);
  if ((source === undefined) === (forMs === undefined)) {
    const got = source === undefined ? 'nothing' : `${JSON.stringify(source)} and --for`;
    throw usageError('URL|FILE|-', got, `one endpoint or file ${what}, or what comes over OTLP`, `meterbridge ${usage}`);
  }
  if (more.length > 0)
    throw usageError('URL|FILE|-', positionals.join(' '), `one endpoint or file ${what}`, `meterbridge ${usage}`);
  return {
    source,
    listen: { seconds: (forMs ?? 0) / 1_000, http: values['otlp-http'], grpc: values['otlp-grpc'] },
    protocols: protocolsOf(values['scrape-protocol'], source !== undefined && isUrl(source)),
    fetch: readFetchArguments(values),
  };
}

/** @throws CLI_USAGE */
export function readFetchArguments(values: FetchValues): FetchOptions {
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

/** No message shows the value, which may be a secret. @throws CLI_USAGE */
export function headerOf(given: string): readonly [string, string] {
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

/** @throws CLI_USAGE */
export function protocolsOf(given: readonly string[] | undefined, isEndpoint: boolean): readonly ScrapeProtocol[] | undefined {
  const protocols = given?.map((name) => oneOf('--scrape-protocol', name, scrapeProtocols));
  if (protocols !== undefined && protocols.length > 1 && !isEndpoint) {
    throw usageError('--scrape-protocol', protocols.join(', '), 'a file has one format', 'name one, or none');
  }
  return protocols;
}

export function oneOf<const T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((value) => value === given);
  if (found === undefined) throw usageError(option, JSON.stringify(given), `it is ${known.join(' or ')}`, 'use one of these');
  return found;
}

/** In milliseconds. */
export function seconds(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(given) ? Number(given) : 0;
  if (value === 0) throw usageError(option, JSON.stringify(given), 'it is a number of seconds above 0', `write ${option} 10`);
  return value * 1_000;
}

export function wholeNumber(option: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  const value = /^\d{1,15}$/.test(given) ? Number(given) : -1;
  if (value < least)
    throw usageError(option, JSON.stringify(given), `it is a whole number of at least ${least}`, `write ${option} 1000000`);
  return value;
}
