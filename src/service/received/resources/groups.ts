/**
 * Groups, as their series need them: the shapes in which a group has rows. A shape has a family of its own, opened with its first
 * row and ended with its last.
 */

import type { RowLayout, RowShape } from '../../../core/store/cells/row-layout.ts';
import type { Family } from '../../../core/store/store.ts';
import { viewOf } from '../../../formats/otlp/wire/same-bytes.ts';
import type { Claimed, MakeLabels, SeriesNames } from '../names/index.ts';

export interface Group {
  /** Its exposed name. */
  readonly claimed: Claimed;
  /** Unlike that of any other. */
  readonly number: number;
  readonly shapes: Map<string, Shape>;
  /** A counter's values are not NaN, and not negative. */
  readonly counts: boolean;
  /** Its rows have space for exemplars. */
  readonly keepsExemplars: boolean;
  /** Makes their labels. */
  readonly exemplarLabels: MakeLabels;
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
  /** Bytes of the heap. */
  readonly heap: number;
}

export interface Groups {
  /** The group of an exposed name. */
  of(claimed: Claimed): Group;
  /** By its number. */
  shape(number: number): Shape;
  /** Undefined: there is no memory for another one. */
  open(group: Group, spec: ShapeSpec, labels: readonly string[]): Shape | undefined;
  /** A row has left. */
  rowLeft(shape: Shape): void;
  /** Bytes of the heap and of buffers that shapes take. */
  readonly heap: number;
  readonly buffers: number;
}

/**
 * What a shape takes of the heap, with its family and what exposition keeps of it, and what each of its bounds does, with its
 * text.
 */
const shapeHeapBytes = 7_000;
const boundHeapBytes = 150;
const heapOf = ({ shape: { bounds, quantiles } }: Pick<ShapeSpec, 'shape'>) =>
  shapeHeapBytes + boundHeapBytes * (bounds?.length ?? quantiles?.length ?? 0);

/** Its rows take much more than what is sent, for which there was memory. */
const isWide = ({ layout }: Shape) => layout.exemplarText > 0;

/** @param full whether there is no memory for so many bytes more, on the heap and in buffers */
export function createGroups(names: SeriesNames, full: (heap: number, bytes: number) => boolean): Groups {
  const groups = new WeakMap<Claimed, Group>();
  const shapes: (Shape | undefined)[] = [];
  const free: number[] = [];
  let lastNumber = 0;
  let heap = 0;
  let buffers = 0;

  function create(claimed: Claimed): Group {
    lastNumber++;
    const counts = claimed.kind === 'counter';
    const keepsExemplars = names.keepsExemplars(claimed);
    const { exemplarLabels } = names;
    const group: Group = {
      claimed,
      number: lastNumber,
      shapes: new Map(),
      counts,
      keepsExemplars,
      exemplarLabels,
      beside: undefined,
    };
    groups.set(claimed, group);
    return group;
  }

  return Object.freeze<Groups>({
    of: (claimed) => groups.get(claimed) ?? create(claimed),
    shape: (number) => shapes[number] as Shape,
    open(group, spec, labels) {
      const { key, shape, marks, exemplars } = spec;
      const known = group.shapes.get(key);
      if (known !== undefined)
        return isWide(known) && full(0, known.layout.cells * Float64Array.BYTES_PER_ELEMENT) ? undefined : known;
      const more = heapOf(spec);
      if (full(more, marks.length)) return undefined;
      heap += more;
      buffers += marks.length;
      const family = names.open(group.claimed, { kind: group.claimed.kind, exemplars, ...shape }, labels, group.beside);
      group.beside ??= { group: family.group };
      const number = free.pop() ?? shapes.push(undefined) - 1;
      const opened = {
        number,
        key,
        group,
        family,
        layout: family.rowLayout,
        marks: viewOf(marks.slice()),
        exemplars,
        heap: more,
      };
      shapes[number] = opened;
      group.shapes.set(key, opened);
      return opened;
    },
    rowLeft({ family, number, key, group, heap: less, marks }) {
      if (family.size > 0) return;
      heap -= less;
      buffers -= marks.byteLength;
      family.end();
      group.shapes.delete(key);
      shapes[number] = undefined;
      free.push(number);
    },
    get heap() {
      return heap;
    },
    get buffers() {
      return buffers;
    },
  });
}
