/** Whose rows are: the resource that wrote a row last. Kept for readers that leave some out; costs 4 bytes a row. */
import type { FamilyView, Row } from '../../../core/store/store.ts';
import { nameOfTarget } from '../names/index.ts';

const initialRows = 8;
/** Rows of a family at most, for numbers of rows that belong to no resource. */
const mostRows = 2 ** 24;

export class RowOwners {
  private readonly columns = new WeakMap<FamilyView, Int32Array>();
  private readonly numbers = new WeakMap<object, number>();
  private last = 0;

  /** @param resource what identifies it while it exists */
  set(family: FamilyView, row: Row, resource: object): void {
    let column = this.columns.get(family);
    if (column === undefined || row >= column.length) {
      const larger = new Int32Array(Math.max(initialRows, row + 1, 2 * (column?.length ?? 0)));
      if (column !== undefined) larger.set(column);
      column = larger;
      this.columns.set(family, column);
    }
    column[row] = this.numberOf(resource);
  }

  /** A number that no other owner ever has. A row of `target_info` is its own owner. */
  of(family: FamilyView, row: Row): number {
    return this.columns.get(family)?.[row] ?? -(family.generation(row) * mostRows + row);
  }

  /** The owner of a row, for messages: `job "shop/cart", instance "i1"`. */
  nameOf(family: FamilyView, row: Row): string {
    const { names, values } = family.labels(row);
    const [job = '', instance = ''] = ['job', 'instance'].map((name) => String(values[names.indexOf(name)] ?? ''));
    return nameOfTarget({ job, instance, attributes: [], others: [] });
  }

  private numberOf(resource: object): number {
    const known = this.numbers.get(resource);
    if (known !== undefined) return known;
    this.last++;
    this.numbers.set(resource, this.last);
    return this.last;
  }
}
