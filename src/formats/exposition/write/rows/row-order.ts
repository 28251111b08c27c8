/** The rows of a sorted family: gathered in the walk, written in the order of their label values. */
import { type FamilyView, type Row, startOf } from '../../../../core/store/index.ts';
import type { ExpositionFormat } from '../../format.ts';
import type { FamilyLines, SortedRows } from '../lines/family-lines.ts';
import { type Keyed, sortedIndexes, withFresh } from './sort-rows.ts';

/** Cells written between two pauses, or one row. */
const cellsAPiece = 256;
/** Rows whose position is worked out between two pauses. */
const keysAPiece = 64;
/** Or so many bytes, where labels are long. */
const bytesAPiece = 128 * 1024;
/** Where the rows go. */
interface Page {
  isFull(): boolean;
  /** Bytes written so far. */
  total(): number;
  /** Writes a row, its cells from `cellAt` on. */
  write(family: FamilyView, row: Row, generation: number, cells: Float64Array, cellAt: number): void;
}

/** Instead of an index. */
const gone = -1;

/** What gathered the rows of a family in its last rendering, for the next one. */
const spares = new WeakMap<FamilyLines, Gathered>();

/** A class, as `Page` is one. */
export class Gathered {
  private readonly family: FamilyView;
  private readonly lines: FamilyLines;
  private format: ExpositionFormat;
  private readonly stride: number;
  /** Row and generation in turn. */
  private readonly members: number[] = [];
  /**
   * As they were when the walk came by, because the view's cells may be the slice's only: the cells of each row, and where it is
   * shown its start.
   */
  private values: Float64Array<ArrayBuffer>;

  /** The family's last one, if its memory fits. It is taken, so that a rendering beside this one gets one of its own. */
  static of(family: FamilyView, lines: FamilyLines, format: ExpositionFormat): Gathered {
    const spare = spares.get(lines);
    spares.delete(lines);
    const stride = strideOf(lines, format);
    const cells = family.size * stride;
    if (
      spare === undefined ||
      spare.family !== family ||
      spare.stride !== stride ||
      spare.values.length < cells ||
      spare.values.length > 4 * cells
    )
      return new Gathered(family, lines, format);
    spare.format = format;
    spare.members.length = 0;
    return spare;
  }

  private constructor(family: FamilyView, lines: FamilyLines, format: ExpositionFormat) {
    this.family = family;
    this.lines = lines;
    this.format = format;
    this.stride = strideOf(lines, format);
    this.values = new Float64Array(family.size * this.stride);
  }

  add(row: Row, generation: number, cellAt: number): void {
    const { family, stride, members } = this;
    if (!this.lines.cache(this.format).shows(family, row, generation)) return;
    const at = (members.length / 2) * stride;
    if (at === this.values.length) this.values = doubled(this.values, stride);
    members.push(row, generation);
    const shown = this.lines.cells(this.format);
    for (let cell = 0; cell < shown; cell++) this.values[at + cell] = family.cells[cellAt + cell] as number;
    if (shown < stride) this.values[at + shown] = startOf(family, row);
  }

  /** Writes what was gathered, until the exposition is full. Pauses now and then. */
  *write(page: Page): Generator<undefined, void> {
    const { family, lines, stride, members, values } = this;
    const rowsAPiece = Math.max(1, Math.floor(cellsAPiece / stride));
    let paused = page.total();
    const indexes = this.orderOfLast() ?? (yield* this.inOrder());
    for (let count = 0; count < indexes.length; count++) {
      if (page.isFull()) return;
      const index = indexes[count] as number;
      const row = members[index * 2] as Row;
      const generation = members[index * 2 + 1] as number;
      // A row that went away while a slice yielded is left out.
      if (family.generation(row) === generation) page.write(family, row, generation, values, index * stride);
      if ((count + 1) % rowsAPiece !== 0 && page.total() - paused < bytesAPiece) continue;
      paused = page.total();
      yield;
    }
    spares.set(lines, this);
  }

  /** Undefined where the members are not those of the last time. */
  private orderOfLast(): Int32Array | undefined {
    const { sorted } = this.lines;
    return sorted !== undefined && equalMembers(sorted, this.members) ? sorted.order : undefined;
  }

  private *inOrder(): Generator<undefined, Int32Array> {
    const now = Int32Array.from(this.members);
    const { known, fresh } = compared(this.lines.sorted ?? nothing, now);
    yield;
    const keys = yield* this.keysOf(fresh);
    const places = yield* sortedIndexes(keys);
    const order = yield* withFresh(known, keyed(places, fresh, keys), (index) => this.keyOf(index));
    this.lines.sorted = { members: now, order };
    return order;
  }

  private *keysOf(indexes: readonly number[]): Generator<undefined, readonly string[]> {
    const keys: string[] = [];
    for (const index of indexes) {
      keys.push(this.keyOf(index) ?? '');
      if (keys.length % keysAPiece === 0) yield;
    }
    return keys;
  }

  /** Undefined: the row has changed hands. */
  private keyOf(index: number): string | undefined {
    const { members } = this;
    return this.lines.cache(this.format).sortKey(this.family, members[index * 2] as Row, members[index * 2 + 1] as number);
  }
}

/** A row's start is behind its cells. */
function strideOf(lines: FamilyLines, format: ExpositionFormat): number {
  return lines.cells(format) + (lines.hasStarts(format) ? 1 : 0);
}

/** For rows that another thread has taken since `size` was read. */
function doubled(values: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(values.length * 2, least));
  larger.set(values);
  return larger;
}

const nothing: SortedRows = { members: new Int32Array(), order: new Int32Array() };

function equalMembers({ members }: SortedRows, others: readonly number[]): boolean {
  if (members.length !== others.length) return false;
  for (let index = 0; index < others.length; index++) if (members[index] !== others[index]) return false;
  return true;
}

/**
 * Which of the members now were there last time, in the order that they had, and which were not. Walks visit rows in the order of
 * their numbers.
 */
function compared(
  { members, order }: SortedRows,
  now: Int32Array,
): { readonly known: Int32Array; readonly fresh: readonly number[] } {
  const indexes = new Int32Array(order.length).fill(gone);
  const fresh: number[] = [];
  for (let at = 0, last = 0; at < now.length; at += 2) {
    while (last < members.length && (members[last] as number) < (now[at] as number)) last += 2;
    if (members[last] === now[at] && members[last + 1] === now[at + 1]) indexes[last / 2] = at / 2;
    else fresh.push(at / 2);
  }
  return { known: order.map((index) => indexes[index] as number).filter((index) => index !== gone), fresh };
}

function* keyed(places: Int32Array, indexes: readonly number[], keys: readonly string[]): Generator<Keyed> {
  for (const slot of places) yield { index: indexes[slot] as number, key: keys[slot] as string };
}
