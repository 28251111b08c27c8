/** Findings that are accepted for a time, by id: a file of the user's, in YAML or JSON. */
import { byPosition } from '../../config/by-position.ts';
import { readTree } from '../../config/read-tree.ts';
import { type Findings, type Infer, list, optional, section, text, wrong } from '../../config/schema/index.ts';
import { MeterbridgeError, type Problem } from '../../errors/error.ts';
import { shown } from '../../errors/shown.ts';
import { readText } from '../../node/read-text.ts';
import type { CheckFinding } from '../finding.ts';
import { found } from './catalogue.ts';

export interface Exception {
  readonly id: string;
  readonly family: string | undefined;
  readonly label: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, such as `2027-01-31`, in UTC. */
  readonly until: string;
  readonly line: number;
  readonly column: number;
}

export interface Exceptions {
  /** The file, as messages call it. */
  readonly source: string;
  readonly list: readonly Exception[];
}

const mostBytes = 1_048_576;
const notEmpty = (what: string) => (given: string) => (given.trim() === '' ? `it is ${what}` : undefined);
const schema = section({
  accept: list(
    section({
      id: text({ check: notEmpty('the id of a finding'), example: 'write id: total-suffix' }),
      family: optional(text({ check: notEmpty('the name of a family') })),
      label: optional(text({ check: notEmpty('the name of a label') })),
      reason: text({ check: notEmpty('the reason in words'), example: 'write why this is accepted' }),
      until: text({ check: dayRule, example: 'write until: 2027-01-31' }),
    }),
  ),
});

/** @throws CLI_USAGE with all that is wrong in the file, by line and column */
export function readExceptions(path: string): Exceptions {
  const read = readText(path, mostBytes);
  if (!read.ok) throw new MeterbridgeError('CLI_USAGE', [{ at: `--accept ${path}`, got: read.got, rule: read.rule, fix: read.fix }]);
  return parseExceptions(path, read.text);
}

/** @throws CLI_USAGE */
export function parseExceptions(source: string, contents: string): Exceptions {
  // Of this dialect, since a day without quotes is text in it.
  const { tree, problems: unreadable } = readTree(source, contents, 'exporter-toolkit');
  const findings: Findings = { problems: [...unreadable], warnings: [] };
  const settings = unreadable.length > 0 ? wrong : schema.read({ tree, keys: '' }, findings);
  if (settings === wrong || findings.problems.length > 0)
    throw new MeterbridgeError('CLI_USAGE', byPosition(withAny(findings.problems, source)));
  const accept = tree.kind === 'section' ? tree.entries.get('accept')?.value : undefined;
  const places = accept?.kind === 'list' ? accept.items : [];
  return { source, list: settings.accept.map((entry, at) => exceptionOf(entry, places[at]?.at ?? '')) };
}

type Entry = Infer<typeof schema>['accept'][number];

function exceptionOf({ id, family, label, reason, until }: Entry, place: string): Exception {
  const [, line = '1', column = '1'] = /:(\d+):(\d+)$/.exec(place) ?? [];
  return { id, family, label, reason, until, line: Number(line), column: Number(column) };
}

function withAny(problems: readonly Problem[], source: string): readonly Problem[] {
  if (problems.length > 0) return problems;
  return [{ at: source, got: 'no exceptions', rule: 'a file of exceptions has a list accept', fix: 'write accept: and the list' }];
}

/** RFC 3339's full-date. */
function dayRule(given: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given) ? new Date(`${given}T00:00:00Z`) : undefined;
  const isDay = day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(given);
  return isDay ? undefined : 'it is a day, as YYYY-MM-DD';
}

/**
 * The findings that are not accepted, and those of the exceptions: expired ones, which accept nothing any more, and ones that accept nothing.
 * @param today such as `2026-11-23`, in UTC
 */
export function withoutAccepted(findings: readonly CheckFinding[], { source, list }: Exceptions, today: string): readonly CheckFinding[] {
  const used = new Set<Exception>();
  const rest = findings.filter((finding) => {
    const matching = list.filter((exception) => exception.until >= today && matches(exception, finding));
    for (const exception of matching) used.add(exception);
    return matching.length === 0;
  });
  const own = list.flatMap((exception) => {
    const { line, column, until, reason } = exception;
    const at = { source, line, column, ...(exception.family !== undefined && { family: exception.family }) };
    if (until < today) return [found('exception-expired', { ...at, got: `${shown(exception.id)} until ${until} (${shown(reason)})` })];
    return used.has(exception) ? [] : [found('exception-unused', { ...at, got: `${shown(exception.id)}, which does not occur` })];
  });
  return [...rest, ...own];
}

function matches({ id, family, label }: Exception, finding: CheckFinding): boolean {
  return id === finding.id && (family === undefined || family === finding.family) && (label === undefined || label === finding.label);
}
