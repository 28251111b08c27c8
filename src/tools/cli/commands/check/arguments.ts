/** The command line of `meterbridge check`. */
import { defaultMaxSeries, defaultMaxValues, type LintLimits } from '../../../check/lint/lint.ts';
import { isUrl, shownSource } from '../../../check/page/shown-source.ts';
import { type ReportFormat, reportFormats } from '../../../check/report/index.ts';
import { parsedSecretArguments } from '../../parsed-arguments.ts';
import { usageError } from '../../usage-error.ts';
import { oneOf, readSourceArguments, type SourceArguments, seconds, sourceArguments, wholeNumber } from './source-arguments.ts';

export const usage = 'check URL|FILE|-|--both URL LINES|--for SECONDS [OPTIONS]';

export interface CheckArguments extends SourceArguments {
  /** OTLP/JSON lines that `source` is compared with. */
  readonly both: string | undefined;
  readonly format: ReportFormat;
  readonly failOn: 'error' | 'warning';
  /** A built-in host, or a file. */
  readonly contract: string | undefined;
  /** Every family but those of the runtime is of the contract. */
  readonly only: boolean;
  /** Another help than the contract's is an error. */
  readonly strictHelp: boolean;
  /** A file of exceptions. */
  readonly accept: string | undefined;
  /** Milliseconds between two pages. */
  readonly twiceMs: number | undefined;
  readonly limits: LintLimits;
}

const options = {
  ...sourceArguments,
  format: { type: 'string', short: 'f' },
  both: { type: 'boolean' },
  'fail-on': { type: 'string' },
  contract: { type: 'string' },
  only: { type: 'boolean' },
  'strict-help': { type: 'boolean' },
  accept: { type: 'string' },
  twice: { type: 'string' },
  'max-series': { type: 'string' },
  'max-values': { type: 'string' },
} as const;

/** @throws CLI_USAGE */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const { values, positionals } = parsedSecretArguments(args, options, usage);
  const both = values.both === true ? linesOf(positionals, values.for !== undefined) : undefined;
  const looked = readSourceArguments(values, both === undefined ? positionals : positionals.slice(0, 1), {
    usage,
    what: 'is checked',
  });
  const twiceMs = seconds('--twice', values.twice);
  if (twiceMs !== undefined && !isUrl(looked.source ?? '')) {
    throw usageError('--twice', 'no URL', 'only an endpoint can be read twice', 'leave it out, or check a URL');
  }
  if (twiceMs !== undefined && both !== undefined) {
    throw usageError('--twice', '--both, too', 'what was pushed is of one moment', 'leave one out');
  }
  if (values.only === true && values.contract === undefined) {
    throw usageError('--only', 'no contract', 'all families are of the contract that --contract names', 'add --contract');
  }
  if (values['strict-help'] === true && values.contract === undefined) {
    throw usageError(
      '--strict-help',
      'no contract',
      'the help is the one of the contract that --contract names',
      'add --contract',
    );
  }
  return {
    ...looked,
    both,
    contract: values.contract,
    only: values.only ?? false,
    strictHelp: values['strict-help'] ?? false,
    accept: values.accept,
    twiceMs,
    limits: {
      maxSeries: wholeNumber('--max-series', values['max-series'], 0) ?? defaultMaxSeries,
      maxValues: wholeNumber('--max-values', values['max-values'], 0) ?? defaultMaxValues,
    },
    format: oneOf('--format', values.format ?? 'text', reportFormats),
    failOn: oneOf('--fail-on', values['fail-on'] ?? 'warning', ['error', 'warning']),
  };
}

/** The second one of `--both URL LINES`. */
function linesOf(positionals: readonly string[], listens: boolean): string {
  const [source, lines, ...more] = positionals;
  if (!listens && source !== undefined && lines !== undefined && more.length === 0) return lines;
  const got = listens ? 'with --for' : positionals.map((each) => JSON.stringify(shownSource(each))).join(' ') || 'nothing';
  throw usageError(
    '--both',
    got,
    'an endpoint or file is compared with a file of OTLP/JSON lines',
    'meterbridge check --both URL LINES',
  );
}
