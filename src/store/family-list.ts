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
  /** In order of group and id. */
  private places: FamilyPlace<F>[] = [];

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
    this.places.splice(this.indexOf(place), 0, place);
  }

  /** Constant time in the long run: places without family stay, and leave together once they are the larger half. */
  remove(id: number): void {
    const place = this.byId.get(id);
    if (place === undefined) return;
    this.byId.delete(id);
    place.family = undefined;
    if (this.byId.size * 2 < this.places.length) this.places = this.places.filter(({ family }) => family !== undefined);
  }

  /** The place of a group and id, or the next one: the one that a cursor names may be gone. */
  from(group: number, id: number): FamilyPlace<F> | undefined {
    return this.places[this.indexOf({ group, id })];
  }

  /** The next place. Looked for, because in the middle of a walk others may come and leave. */
  behind({ group, id }: Grouped): FamilyPlace<F> | undefined {
    return this.from(group, id + 1);
  }

  private indexOf(from: Grouped): number {
    let low = 0;
    for (let high = this.places.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.places[middle] as Grouped, from)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: Grouped, b: Grouped): boolean {
  return a.group === b.group ? a.id < b.id : a.group < b.group;
}
