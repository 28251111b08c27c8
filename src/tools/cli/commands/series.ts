/** `meterbridge series`: what a contract brings out, for people (table) and for programs (JSON). */
import type { Contract, Exponential, Label, LabelJson, Metric } from '../../../core/contract/index.ts';
import { labelsToJson } from '../../../core/contract/json.ts';
import { jsonText } from '../../check/report/json-text.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { contractFrom } from '../contract-source/contract-source.ts';
import { versionHelp } from '../hosts.ts';
import { builtInNames } from '../load-contract.ts';
import { parsedArguments } from '../parsed-arguments.ts';
import { table } from '../table.ts';
import { usageError } from '../usage-error.ts';

const USAGE = 'series CONTRACT [--format table|json]';

function help(): string {
  return `Usage: meterbridge ${USAGE}

Lists the series of a contract with their kinds, units, labels and instruments.

  CONTRACT           a built-in one (${builtInNames.join(', ')}), a .json file, or a module or an installed package
                     whose default export is a contract; ${versionHelp}
  --format, -f       table (default), or json: an array with one object a series
`;
}

export interface SeriesRow {
  /** Family name in text 0.0.4. */
  readonly series: string;
  readonly kind: string;
  /** UCUM; `''` for none. */
  readonly unit: string;
  readonly instrument: string;
  readonly labels: Readonly<Record<string, LabelJson>>;
  readonly bounds: readonly number[];
  /** Only exponential histograms. */
  readonly exponential?: Exponential;
  readonly help: string;
}

export const series: Command = Object.freeze({
  name: 'series',
  usage: USAGE,
  summary: 'List the series of a contract with their kinds, units, labels and instruments.',
  help,
  async run(args: readonly string[], { stdout }: Streams): Promise<number> {
    const { path, format } = parse(args);
    const contract = await contractFrom(path);
    stdout.write(format === 'json' ? jsonText(rows(contract)) : asTable(contract));
    return exitCodes.done;
  },
});

function parse(args: readonly string[]): { path: string; format: 'table' | 'json' } {
  const { values, positionals } = parsedArguments(args, { format: { type: 'string', short: 'f' } }, USAGE);
  const [path, ...more] = positionals;
  if (path === undefined) throw usageError('CONTRACT', 'nothing', 'a contract is required', `meterbridge ${USAGE}`);
  if (more.length > 0)
    throw usageError('CONTRACT', positionals.join(' '), 'one contract at a time is listed', `meterbridge ${USAGE}`);
  const format = values.format ?? 'table';
  if (format !== 'table' && format !== 'json') {
    throw usageError('--format', JSON.stringify(format), 'the format is table or json', 'use one of the two');
  }
  return { path, format };
}

function rows(contract: Contract): readonly SeriesRow[] {
  return Object.values(contract.metrics).map(({ series, kind, unit, instrument, labels, bounds, exponential, help }) => ({
    series,
    kind: exposedKind(kind),
    unit,
    instrument,
    labels: labelsToJson(labels),
    bounds,
    ...(exponential === undefined ? {} : { exponential }),
    help,
  }));
}

function asTable(contract: Contract): string {
  const body = Object.values(contract.metrics).map(({ series, kind, unit, instrument, labels }) => [
    series,
    exposedKind(kind),
    unit === '' ? '-' : unit,
    Object.entries(labels).map(labelText).join(' ') || '-',
    instrument,
  ]);
  return table([['SERIES', 'KIND', 'UNIT', 'LABELS', 'INSTRUMENT'], ...body]);
}

/** `status=success|failed`, `provider≤24`, `task≤500`. */
function labelText([name, label]: readonly [string, Label]): string {
  return label.kind === 'closed' ? `${name}=${label.values.join('|')}` : `${name}≤${label.limit}`;
}

/** The kind that a scrape shows: an information and an up-down counter are gauges in every format. */
function exposedKind(kind: Metric['kind']): Metric['kind'] {
  return kind === 'info' || kind === 'updowncounter' ? 'gauge' : kind;
}
