/**
 * Breaking changes that are allowed by name: on the command line, or in a file with a reason and the last day on which that
 * holds.
 */
import { problemText } from '../../../core/errors/error.ts';
import { nearest } from '../../../core/errors/nearest.ts';
import { shown } from '../../../core/errors/shown.ts';
import { type AcceptedFile, isExpired } from '../accepted/read-accepted.ts';
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
  /** Entries whose day has passed, whatever has their id: they fail, as they do in `check`. */
  readonly expired: readonly Allowed[];
  /** One line each: entries that have expired, or that no breaking change has. */
  readonly notes: readonly string[];
}

export function allowedIn({ source, list }: AcceptedFile): readonly Allowed[] {
  return list.map(({ id, reason, until, line, column }) => ({ id, reason, until, at: `${source}:${line}:${column}` }));
}

/**
 * An entry that no breaking change has is only noted: it is left from a change that both contracts have by now.
 * @param today `YYYY-MM-DD` in UTC; an entry counts up to and including its last day
 */
export function decide(changes: readonly Change[], entries: readonly Allowed[], today: string): Decision {
  const breaking = changes.filter(({ impact }) => impact === 'breaking');
  const ids = breaking.map(({ id }) => id);
  const expired = entries.filter((given) => isOver(given, today));
  const allowed = new Map(
    entries.filter((given) => ids.includes(given.id) && !expired.includes(given)).map((given) => [given.id, given]),
  );
  const notes = entries.flatMap((given) => noteOf(given, ids, expired.includes(given), today));
  return { broken: breaking.filter(({ id }) => !allowed.has(id)), allowed, expired, notes };
}

function noteOf({ id, until: last, at }: Allowed, ids: readonly string[], isOver: boolean, today: string): readonly string[] {
  if (isOver) {
    const rule = `the change was allowed until this day, and today is ${today}`;
    const fix = ids.includes(id) ? 'set a later day, or undo the change' : 'remove it, since no breaking change has its id';
    return [problemText({ at: `${at} ${shown(id, 200)}`, got: shown(last), rule, fix })];
  }
  if (ids.includes(id)) return [];
  const near = nearest(id, ids) ?? ids.find((known) => known.split('/')[0] === id.split('/')[0]);
  const fix = near === undefined ? 'remove it' : `write ${near}, or remove it`;
  return [problemText({ at, got: shown(id, 200), rule: 'no breaking change has this id', fix })];
}

function isOver({ until }: Allowed, today: string): boolean {
  return until !== undefined && isExpired({ until }, today);
}
