/** The families of a store in the order of a walk: those of one group are neighbours, whenever they were made. */

export interface Grouped {
  readonly group: number;
  readonly id: number;
}

/** A family's slot. It outlives the family for a while. */
export interface FamilyEntry<F extends Grouped> extends Grouped {
  /** Undefined: it has ended. */
  family: F | undefined;
}

export class FamilyList<F extends Grouped> {
  private readonly byId = new Map<number, FamilyEntry<F>>();
  /** In order of group and id. */
  private entries: FamilyEntry<F>[] = [];

  get(id: number): F | undefined {
    return this.byId.get(id)?.family;
  }

  *all(): Generator<F> {
    for (const { family } of this.entries) if (family !== undefined) yield family;
  }

  add(family: F): void {
    const { group, id } = family;
    const entry = { group, id, family };
    this.byId.set(id, entry);
    this.entries.splice(this.indexOf(entry), 0, entry);
  }

  /** Amortized constant time: slots without family stay, and leave together once they are the larger half. */
  remove(id: number): void {
    const entry = this.byId.get(id);
    if (entry === undefined) return;
    this.byId.delete(id);
    entry.family = undefined;
    if (this.byId.size * 2 < this.entries.length) this.entries = this.entries.filter(({ family }) => family !== undefined);
  }

  /** The slot of a group and id, or the next one: the one that a cursor names may be gone. */
  from(group: number, id: number): FamilyEntry<F> | undefined {
    return this.entries[this.indexOf({ group, id })];
  }

  /** The next slot. Looked for, because others may be added and removed during a walk. */
  behind({ group, id }: Grouped): FamilyEntry<F> | undefined {
    return this.from(group, id + 1);
  }

  private indexOf(from: Grouped): number {
    let low = 0;
    for (let high = this.entries.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.entries[middle] as Grouped, from)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: Grouped, b: Grouped): boolean {
  return a.group === b.group ? a.id < b.id : a.group < b.group;
}
