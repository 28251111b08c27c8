/**
 * Groups, as their series need them: the shapes in which a group has rows. A shape has a family of its own, opened with its first row and ended with its last.
 */
import type { RowLayout, RowShape } from '../store/row-layout.ts';
import type { Family } from '../store/store.ts';
import type { Claimed, SeriesNames } from './names/index.ts';
import { viewOf } from './same-bytes.ts';

export interface Group {
  /** Its exposed name. */
  readonly claimed: Claimed;
  /** Unlike that of any other. */
  readonly number: number;
  readonly shapes: Map<string, Shape>;
  /** A counter's values are not NaN, and not negative. */
  readonly counts: boolean;
  /** Its rows have room for exemplars. */
  readonly keepsExemplars: boolean;
  /** What its families have in common in the store, once there was one. */
  beside: Pick<Family, 'group'> | undefined;
}

/** What is particular to a shape, beside its group's kind. */
export interface ShapeSpec {
  /** Unlike that of another shape of its group. */
  readonly key: string;
  readonly shape: Omit<RowShape, 'kind' | 'exemplars'>;
  /** The bytes that make the shape, as they are sent: a histogram's bounds. */
  readonly marks: Uint8Array;
  readonly exemplars: boolean;
}

/** Rows of a group with the same cells. */
export interface Shape {
  /** What series know it by. */
  readonly number: number;
  readonly key: string;
  readonly group: Group;
  readonly family: Family;
  readonly layout: RowLayout;
  readonly marks: DataView;
  readonly exemplars: boolean;
}

export interface Groups {
  /** The group of an exposed name. */
  of(claimed: Claimed): Group;
  /** By its number. */
  shape(number: number): Shape;
  open(group: Group, spec: ShapeSpec, labels: readonly string[]): Shape;
  /** A row has left. */
  rowLeft(shape: Shape): void;
}

export function createGroups(names: SeriesNames): Groups {
  const groups = new WeakMap<Claimed, Group>();
  const shapes: (Shape | undefined)[] = [];
  const free: number[] = [];
  let lastNumber = 0;

  function create(claimed: Claimed): Group {
    lastNumber++;
    const counts = claimed.kind === 'counter';
    const keepsExemplars = names.keepsExemplars(claimed);
    const group: Group = { claimed, number: lastNumber, shapes: new Map(), counts, keepsExemplars, beside: undefined };
    groups.set(claimed, group);
    return group;
  }

  return Object.freeze<Groups>({
    of: (claimed) => groups.get(claimed) ?? create(claimed),
    shape: (number) => shapes[number] as Shape,
    open(group, { key, shape, marks, exemplars }, labels) {
      const known = group.shapes.get(key);
      if (known !== undefined) return known;
      const family = names.open(group.claimed, { kind: group.claimed.kind, exemplars, ...shape }, labels, group.beside);
      group.beside ??= { group: family.group };
      const number = free.pop() ?? shapes.push(undefined) - 1;
      const opened = { number, key, group, family, layout: family.rowLayout, marks: viewOf(marks.slice()), exemplars };
      shapes[number] = opened;
      group.shapes.set(key, opened);
      return opened;
    },
    rowLeft({ family, number, key, group }) {
      if (family.size > 0) return;
      family.end();
      group.shapes.delete(key);
      shapes[number] = undefined;
      free.push(number);
    },
  });
}
