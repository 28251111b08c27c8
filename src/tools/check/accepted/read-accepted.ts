/**
 * What is accepted until a day, by id: findings of `check` and breaking changes of `diff`, in a file of the user's, in YAML or
 * JSON.
 */
import { byPosition } from '../../../core/config/by-position.ts';
import { readTree } from '../../../core/config/read-tree.ts';
import { type Findings, type Infer, list, optional, section, text, wrong } from '../../../core/config/schema/index.ts';
import type { Tree } from '../../../core/config/tree.ts';
import { MeterbridgeError, type Problem } from '../../../core/errors/error.ts';
import { readText } from '../../../core/node/read-text.ts';

/** The key of the list: `accept` for findings, `allow` for changes. */
export type AcceptedKey = 'accept' | 'allow';

export interface Accepted {
  readonly id: string;
  /** Only of a finding. Undefined: of every family. */
  readonly family: string | undefined;
  /** Only of a finding. Undefined: of every label. */
  readonly label: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, such as `2027-01-31`, in UTC. */
  readonly until: string;
  readonly line: number;
  readonly column: number;
}

export interface AcceptedFile {
  /** The file, as messages call it. */
  readonly source: string;
  readonly list: readonly Accepted[];
}

const mostBytes = 1_048_576;
const notEmpty = (what: string) => (given: string) => (given.trim() === '' ? `it is ${what}` : undefined);
const reason = text({ check: notEmpty('the reason in words'), example: 'write why this is accepted' });
const until = text({ check: dayRule, example: 'write until: 2027-01-31' });
const $schema = text({ default: '' });
const findings = section({
  $schema,
  accept: list(
    section({
      id: text({ check: notEmpty('the id of a finding'), example: 'write id: total-suffix' }),
      family: optional(text({ check: notEmpty('the name of a family') })),
      label: optional(text({ check: notEmpty('the name of a label') })),
      reason,
      until,
    }),
  ),
});
const changes = section({
  $schema,
  allow: list(
    section({ id: text({ check: notEmpty('the id of a change'), example: 'copy the id of the change' }), reason, until }),
  ),
});

/**
 * @param option that named the file
 * @throws CLI_USAGE with all that is wrong in the file, by line and column
 */
export function readAccepted(option: string, path: string, key: AcceptedKey): AcceptedFile {
  const read = readText(path, mostBytes);
  if (!read.ok)
    throw new MeterbridgeError('CLI_USAGE', [{ at: `${option} ${path}`, got: read.got, rule: read.rule, fix: read.fix }]);
  return parseAccepted(path, read.text, key);
}

/** @throws CLI_USAGE */
export function parseAccepted(source: string, contents: string, key: AcceptedKey): AcceptedFile {
  // Of this dialect, since a day without quotes is text in it.
  const { tree, problems: unreadable } = readTree(source, contents, 'exporter-toolkit');
  const found: Findings = { problems: [...unreadable], warnings: [] };
  const entries = unreadable.length > 0 ? wrong : entriesOf(tree, key, found);
  if (entries === wrong || found.problems.length > 0)
    throw new MeterbridgeError('CLI_USAGE', byPosition(withAny(found.problems, source, key)));
  const given = tree.kind === 'section' ? tree.entries.get(key)?.value : undefined;
  const places = given?.kind === 'list' ? given.items : [];
  return { source, list: entries.map((entry, at) => acceptedOf(entry, places[at]?.at ?? '')) };
}

type Entry = Infer<typeof changes>['allow'][number] & Partial<Infer<typeof findings>['accept'][number]>;

function entriesOf(tree: Tree, key: AcceptedKey, found: Findings): readonly Entry[] | typeof wrong {
  if (key === 'allow') {
    const read = changes.read({ tree, keys: '' }, found);
    return read === wrong ? wrong : read.allow;
  }
  const read = findings.read({ tree, keys: '' }, found);
  return read === wrong ? wrong : read.accept;
}

function acceptedOf({ id, family, label, reason, until }: Entry, place: string): Accepted {
  const [, line = '1', column = '1'] = /:(\d+):(\d+)$/.exec(place) ?? [];
  return { id, family, label, reason, until, line: Number(line), column: Number(column) };
}

function withAny(problems: readonly Problem[], source: string, key: AcceptedKey): readonly Problem[] {
  if (problems.length > 0) return problems;
  return [{ at: source, got: 'nothing', rule: `the file has a list ${key}`, fix: `write ${key}: and the list` }];
}

/** RFC 3339's full-date. */
function dayRule(given: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given) ? new Date(`${given}T00:00:00Z`) : undefined;
  const isDay = day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(given);
  return isDay ? undefined : 'it is a day, as YYYY-MM-DD';
}

/** @param today such as `2026-11-23`, in UTC */
export function isExpired({ until }: Pick<Accepted, 'until'>, today: string): boolean {
  return until < today;
}
