/** The command line: `npm run bench -- [SUITE…|all] [options]`. */
import { parseArgs } from 'node:util';
import { type SuiteName, suiteNames } from './bench-case.ts';

export interface Options {
  readonly suites: readonly SuiteName[];
  /** Cases whose name contains this; undefined: all. */
  readonly only: string | undefined;
  /** Contenders that take part; undefined: all. */
  readonly contenders: readonly string[] | undefined;
  readonly quick: boolean;
  /** Where the rows are written as JSON; `-` is standard output. */
  readonly json: string | undefined;
  /** The document whose sections are replaced. */
  readonly markdown: string | undefined;
  /** Where the plot is written; undefined: beside the document. */
  readonly plot: string | undefined;
}

export const usage = `npm run bench -- [${suiteNames.join('|')}|all] [--quick] [--case NAME] [--contenders A,B] [--json FILE] [--markdown FILE [--plot FILE]]

  --quick          smaller, at most 45 s a suite (ingest: 60 s)
  --case NAME      only cases whose name contains NAME
  --contenders A,B only these
  --json FILE      the rows as JSON; - is standard output
  --markdown FILE  writes the tables into their places in FILE, and the plot beside it
  --plot FILE      writes the plot there`;

/** @throws Error with a message for the user */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      case: { type: 'string' },
      contenders: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      plot: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const asked = positionals.length === 0 ? ['all'] : positionals;
  const known: readonly string[] = suiteNames;
  const unknown = asked.filter((name) => name !== 'all' && !known.includes(name));
  if (unknown.length > 0) throw new Error(`no suite ${unknown.join(', ')}; there are ${suiteNames.join(', ')}, all`);
  const suites = suiteNames.filter((name) => asked.includes('all') || asked.includes(name));
  const contenders = values.contenders?.split(',');
  const { quick, json, markdown, plot } = values;
  return { suites, only: values.case, contenders, quick, json, markdown, plot };
}
