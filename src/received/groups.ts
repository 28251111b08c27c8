/**
 * Groups, as their series need them: the shapes in which a group has rows. A shape has a family of its own, opened with its first row and ended with its last.
 */
import type { RowLayout, RowShape } from '../store/row-layout.ts';
import type { Family } from '../store/store.ts';
import type { ReceivedGroup } from './resolve.ts';
import { viewOf } from './same-bytes.ts';

export interface Group {
  readonly resolved: ReceivedGroup;
  /** Unlike that of any other. */
  readonly number: number;
  readonly shapes: Map<string, Shape>;
  /** A counter's values are not NaN, and not negative. */
  readonly counts: boolean;
  metrics: number;
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
  /** A metric of the group has come. */
  join(resolved: ReceivedGroup): Group;
  part(group: Group): void;
  /** By its number. */
  shape(number: number): Shape;
  /** Undefined: there is no room for another family. */
  open(group: Group, spec: ShapeSpec, labels: readonly string[]): Shape | undefined;
  /** A row has left. */
  rowLeft(shape: Shape): void;
}

export function createGroups(): Groups {
  const groups = new Map<ReceivedGroup, Group>();
  const shapes: (Shape | undefined)[] = [];
  const free: number[] = [];
  let lastNumber = 0;

  function create(resolved: ReceivedGroup): Group {
    lastNumber++;
    const group: Group = { resolved, number: lastNumber, shapes: new Map(), counts: resolved.kind === 'counter', metrics: 0 };
    groups.set(resolved, group);
    return group;
  }

  return Object.freeze<Groups>({
    join(resolved) {
      const group = groups.get(resolved) ?? create(resolved);
      group.metrics++;
      return group;
    },
    part(group) {
      group.metrics--;
      if (group.metrics === 0) groups.delete(group.resolved);
    },
    shape: (number) => shapes[number] as Shape,
    open(group, { key, shape, marks, exemplars }, labels) {
      const known = group.shapes.get(key);
      if (known !== undefined) return known;
      const family = group.resolved.open({ kind: group.resolved.kind, exemplars, ...shape }, labels);
      if (family === undefined) return undefined;
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
