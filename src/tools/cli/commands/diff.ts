/** `meterbridge diff`: what a change of a contract does to the expressions that use it. */
import type { Writable } from 'node:stream';
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { visible } from '../../../core/errors/visible.ts';
import { type DiffReport, shownDiff } from '../../check/diff/report/diff-report.ts';
import { impactJson, impactMarkdown, impactRows } from '../../check/diff/report/impact-table.ts';
import { diffJson } from '../../check/diff/report/json.ts';
import { diffMarkdown } from '../../check/diff/report/markdown.ts';
import { diffText } from '../../check/diff/report/text.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { contractSourceHelp } from '../contract-source/contract-source.ts';
import { table } from '../table.ts';
import { fetchHelp, pageHelp } from './check/help.ts';
import { type DiffArguments, parseDiffArguments, usage } from './diff/arguments.ts';
import { compare } from './diff/compare.ts';
import { useInFiles } from './diff/use-in-files.ts';

export const diff: Command = Object.freeze({
  name: 'diff',
  usage,
  summary: 'Compare two contracts: every change, and whether it breaks expressions.',
  help: () => `Usage: meterbridge ${usage}

Lists every change from OLD to NEW as breaking (an expression that was right is wrong or empty), risky (it may be) or safe, with the reason.
Exit code 0; 1 for a breaking change that is not allowed, an entry of --allow-file that has expired, or an expression that breaks and --fix does not rewrite; 2 if a contract cannot be read, or for a wrong command line.

OLD and NEW are each one of:
${contractSourceHelp}  URL                a live endpoint; what a page cannot show is not compared

  --format, -f FORMAT  text (default), json, markdown
  --renames FILE       YAML or JSON that says what became of names: metrics, labels, values
  --allow ID           a breaking change that is allowed; repeatable
  --allow-file FILE    YAML or JSON with such ids, each with its reason and last day
  --impacts            without contracts: lists what each kind of change does to expressions

Files that use OLD (Prometheus rules and their tests, Grafana dashboards, Alertmanager's configuration):
  --usage PATH         reports each expression that breaks; a file or folder; repeatable
  --fix                rewrites these expressions in place, where that is possible
  --dry-run            with --fix: shows a unified diff, and writes nothing
  --bridge FILE        writes recording rules that give the new series their old names

For a URL:
${fetchHelp}${pageHelp}`,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    try {
      const given = parseDiffArguments(args);
      if (!given.impacts) return await report(given, streams);
      const writers = { text: () => table(impactRows()), json: impactJson, markdown: impactMarkdown };
      streams.stdout.write(writers[given.format]());
      return exitCodes.done;
    } catch (error) {
      if (!MeterbridgeError.is(error)) throw error;
      streams.stderr.write(`meterbridge: ${error.message}\n`);
      return exitCodes.usage;
    }
  },
});

async function report(given: DiffArguments, { stdout, stderr }: Streams): Promise<number> {
  const compared = await compare(given);
  const used = useInFiles(given.use, compared.diff, compared.decision);
  const { report: usage, notes } = used;
  const full: DiffReport =
    usage === undefined
      ? compared
      : { ...compared, usage: { report: usage, notes, ...(given.use.dryRun && { diff: used.diff }) } };
  const writers = {
    text: () => diffText(full, hasColour(stdout)) + (isTerminal(stdout) ? shownDiff(used.diff) : used.diff),
    json: () => diffJson(full),
    markdown: () => diffMarkdown(full),
  };
  stdout.write(writers[given.format]());
  stderr.write([...compared.decision.notes, ...notes.map(visible)].map((note) => `${note}\n`).join(''));
  const { broken, expired } = compared.decision;
  return broken.length > 0 || expired.length > 0 || used.broken ? exitCodes.failed : exitCodes.done;
}

/** https://no-color.org */
function hasColour(stream: Writable): boolean {
  return isTerminal(stream) && (process.env.NO_COLOR ?? '') === '';
}

function isTerminal(stream: Writable): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
