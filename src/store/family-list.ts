/** The families of a store in the order of a walk: those of one group are neighbours, whenever they were made. */

export interface Grouped {
  readonly group: number;
  readonly id: number;
}

/** A family's place. It outlives the family for a while. */
export interface FamilyPlace<F extends Grouped> extends Grouped {
  /** Undefined: it has ended. */
  family: F | undefined;
}

export class FamilyList<F extends Grouped> {
  private readonly byId = new Map<number, FamilyPlace<F>>();
  /** In order of group and id. What is in the list stays where it is: a walk goes on in the array that it began with. */
  places: readonly FamilyPlace<F>[] = [];

  get(id: number): F | undefined {
    return this.byId.get(id)?.family;
  }

  *all(): Generator<F> {
    for (const { family } of this.places) if (family !== undefined) yield family;
  }

  add(family: F): void {
    const { group, id } = family;
    const place = { group, id, family };
    this.byId.set(id, place);
    const at = placeIndex(this.places, place);
    if (at === this.places.length) (this.places as FamilyPlace<F>[]).push(place);
    else this.places = this.places.toSpliced(at, 0, place);
  }

  /** Constant time in the long run: places without family stay, and leave together once they are the larger half. */
  remove(id: number): void {
    const place = this.byId.get(id);
    if (place === undefined) return;
    this.byId.delete(id);
    place.family = undefined;
    if (this.byId.size * 2 < this.places.length) this.places = this.places.filter(({ family }) => family !== undefined);
  }
}

/** The first place that is `from` or behind it: the one that a cursor names may be gone. */
export function placeIndex(places: readonly Grouped[], from: Grouped): number {
  let low = 0;
  for (let high = places.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (isBefore(places[middle] as Grouped, from)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(a: Grouped, b: Grouped): boolean {
  return a.group === b.group ? a.id < b.id : a.group < b.group;
}
