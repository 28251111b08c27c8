/** Breaking changes that are allowed by name: on the command line, or in a file with a reason and the last day on which that holds. */
import { readTree } from '../../config/read-tree.ts';
import { list, section, text, wrong } from '../../config/schema/index.ts';
import { MeterbridgeError, problemText } from '../../errors/error.ts';
import { nearest } from '../../errors/nearest.ts';
import { shown } from '../../errors/shown.ts';
import type { Change } from './change.ts';

export interface Allowed {
  /** A change's id. */
  readonly id: string;
  /** Undefined: it comes from the command line. */
  readonly reason?: string;
  /** The last day, `YYYY-MM-DD` in UTC. Undefined: no end. */
  readonly until?: string;
  /** Where it was given. */
  readonly at: string;
}

export interface Decision {
  /** Breaking ones that nothing allows. */
  readonly broken: readonly Change[];
  /** Ids of breaking changes that are allowed. */
  readonly allowed: ReadonlyMap<string, Allowed>;
  /** One line each: entries that have expired, or that no breaking change has. */
  readonly notes: readonly string[];
}

const day = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const until = text({ check: (given) => (isDay(given) ? undefined : 'it is a day, YYYY-MM-DD'), example: "write '2027-03-31', in quotes" });
const entry = section({ id: text({ example: 'copy the id of the change' }), reason: text({ example: 'say why' }), until });
const schema = section({ $schema: text({ default: '' }), allow: list(entry) });

/** @throws MeterbridgeError `CLI_USAGE` with every problem */
export function readAllowed(file: string, source: string): readonly Allowed[] {
  const { tree, problems } = readTree(file, source, 'collector');
  const findings = { problems: [...problems], warnings: [] };
  const read = schema.read({ tree, keys: '' }, findings);
  if (read === wrong || findings.problems.length > 0) throw new MeterbridgeError('CLI_USAGE', findings.problems);
  return read.allow.map((given, index) => ({ ...given, at: `${file} allow[${index}]` }));
}

/**
 * An entry that no breaking change has is only noted: it is left from a change that both contracts have by now.
 * @param today `YYYY-MM-DD` in UTC; an entry counts up to and including its last day
 */
export function decide(changes: readonly Change[], entries: readonly Allowed[], today: string): Decision {
  const breaking = changes.filter(({ impact }) => impact === 'breaking');
  const ids = breaking.map(({ id }) => id);
  const allowed = new Map(
    entries.filter(({ id, until: last }) => ids.includes(id) && !isOver(last, today)).map((given) => [given.id, given]),
  );
  const notes = entries.flatMap((given) => noteOf(given, ids, today));
  return { broken: breaking.filter(({ id }) => !allowed.has(id)), allowed, notes };
}

function noteOf({ id, until: last, at }: Allowed, ids: readonly string[], today: string): readonly string[] {
  if (!ids.includes(id)) {
    const near = nearest(id, ids) ?? ids.find((known) => known.split('/')[0] === id.split('/')[0]);
    const fix = near === undefined ? 'remove it' : `write ${near}, or remove it`;
    return [problemText({ at, got: shown(id, 200), rule: 'no breaking change has this id', fix })];
  }
  if (!isOver(last, today)) return [];
  const rule = `the change was allowed until this day, and today is ${today}`;
  return [problemText({ at, got: shown(last), rule, fix: 'set a later day, or undo the change' })];
}

function isOver(last: string | undefined, today: string): boolean {
  return last !== undefined && last < today;
}

function isDay(given: string): boolean {
  return day.test(given) && new Date(`${given}T00:00:00Z`).toISOString().startsWith(given);
}
