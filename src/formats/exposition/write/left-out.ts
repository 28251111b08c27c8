/**
 * What an exposition leaves out because it would be larger than its limit: all rows of the owners of most of it, until the rest
 * fits.
 */
import type { FamilyView, Row } from '../../../core/store/index.ts';

/** Whose rows are, where not their families are to be left out. */
export interface RowOwners {
  /** A number that no other owner ever has. Called only while something is left out, or is to be. */
  of(family: FamilyView, row: Row): number;
  /** For messages: the owner of a row that is there. */
  nameOf(family: FamilyView, row: Row): string;
}

/** A family's series name, or what `RowOwners` says. */
export type Owner = string | number;

/** What an owner would add to an exposition. */
export interface Added {
  readonly bytes: number;
  readonly rows: number;
  /** For messages. */
  readonly name: string;
}

export type LeftOut = ReadonlyMap<Owner, Added>;

/** So much of an exposition stays free where an owner comes back, so that it does not leave again at once. */
const spareShare = 1 / 16;

/** The largest owners, so that at most `maxBytes` of `total` stay. Of equal ones the later. */
export function largestOf<A extends Pick<Added, 'bytes'>>(
  owners: ReadonlyMap<Owner, A>,
  total: number,
  maxBytes: number,
): ReadonlyMap<Owner, A> {
  const left = new Map<Owner, A>();
  let rest = total;
  const bySize = [...owners].reverse().sort(([, one], [, other]) => other.bytes - one.bytes);
  for (const [owner, added] of bySize) {
    if (rest <= maxBytes) break;
    left.set(owner, added);
    rest -= added.bytes;
  }
  return left;
}

/**
 * What the next exposition leaves out, after one of `bytes`: owners that have gone are forgotten, and those that fit by now come
 * back.
 * @param rows how many of each owner were left out of this one
 */
export function stillLeftOut(left: LeftOut, rows: ReadonlyMap<Owner, number>, bytes: number, maxBytes: number): LeftOut {
  const still = new Map<Owner, Added>();
  let room = maxBytes * (1 - spareShare) - bytes;
  for (const [owner, added] of left) {
    const now = rows.get(owner);
    if (now === undefined) continue;
    const needed = added.rows === 0 ? added.bytes : (added.bytes / added.rows) * now;
    if (needed <= room) room -= needed;
    else still.set(owner, added);
  }
  return still;
}
