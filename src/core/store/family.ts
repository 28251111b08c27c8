/** A family: its rows, its age, and the marks that decide what a replacement drops. */
import { bytesOf, control } from './cells/columns.ts';
import { blankRow, layoutOf, type RowLayout } from './cells/row-layout.ts';
import type { Grouped } from './family-list.ts';
import { labelsLength, readLabels, sameLabels } from './labels/row-labels.ts';
import { clearRows, createRows, inUse, type LabelRoom, type Rows, releaseRow, reserveRows, takeRow } from './rows.ts';
import type { EncodedLabels, Family, FamilySpec, NewLabels, Row, RowLabels, SourceSpec } from './store.ts';
import type { Walks } from './walks.ts';

const mark = { none: 0, kept: 1, dropped: 2 } as const;

/** The values before a replacement, to go back to when its `write` throws. */
interface Saved {
  readonly cells: Float64Array;
  readonly starts: Float64Array;
  readonly taken: Row[];
}

/** What a store gives to each of its families. */
export interface FamilyParts extends LabelRoom {
  readonly walks: Walks;
  /** What the families of a source take. */
  readonly held: { heap: number; buffers: number };
  readonly announce: (family: StoreFamily) => void;
  readonly described: (family: StoreFamily) => void;
  readonly end: (family: StoreFamily) => void;
}

/**
 * A class, because hot paths read `cells`, `stride` and `labelBytes` as plain fields of one shape. `cells` changes inside `row`
 * only, and `labelBytes` where rows are taken or leave, so they may be kept across adds that take no row, never across a yield.
 */
export class StoreFamily implements Family {
  readonly id: number;
  readonly group: number;
  spec: FamilySpec;
  readonly source: SourceSpec;
  readonly rowLayout: RowLayout;
  readonly stride: number;
  readonly rows: Rows;
  cells: Float64Array;
  labelBytes: Uint8Array;
  private readonly live: boolean;
  private readonly newestWalk: () => number;
  private readonly leave: (family: StoreFamily) => void;
  private readonly described: (family: StoreFamily) => void;
  private readonly held: FamilyParts['held'];
  /** Of it, this family. */
  private ownHeap = 0;
  private ownBuffers = 0;
  private marks = new Uint8Array(0);
  private saved: Saved | undefined;

  /** `announce` is called when buffers were replaced, for readers in other threads. */
  constructor({ id, group }: Grouped, spec: FamilySpec, source: SourceSpec, live: boolean, parts: FamilyParts) {
    const { walks, announce, end, held } = parts;
    this.id = id;
    this.group = group;
    this.spec = spec;
    this.source = source;
    this.rowLayout = layoutOf(spec);
    this.stride = this.rowLayout.cells;
    this.held = held;
    this.rows = createRows(spec, blankRow(this.rowLayout), parts, () => {
      this.count();
      announce(this);
    });
    this.count();
    this.cells = this.rows.columns.cells;
    this.labelBytes = this.rows.arena.bytes;
    this.live = live;
    this.rows.columns.goodAt[0] = live ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.newestWalk = walks.newest;
    this.leave = end;
    this.described = parts.described;
  }

  get goodAt(): number {
    return this.rows.columns.goodAt[0] as number;
  }

  get size(): number {
    return this.rows.columns.control[control.size] as number;
  }

  get used(): number {
    return this.rows.columns.control[control.used] as number;
  }

  get taken(): number {
    return this.rows.columns.control[control.taken] as number;
  }

  labels(row: Row): RowLabels {
    return readLabels(this.rows.arena.bytes, this.labelsAt(row), this.spec.labels);
  }

  labelsAt(row: Row): number {
    return this.rows.columns.labelsAt[row] ?? 0;
  }

  holds(row: Row, generation: number): boolean {
    return this.generation(row) === generation;
  }

  start(row: Row): number {
    return Math.abs(this.rows.columns.starts[row] ?? 0);
  }

  zeroAt(row: Row): number {
    return Math.max(0, this.rows.columns.starts[row] ?? 0);
  }

  generation(row: Row): number {
    return this.rows.columns.generations[row] ?? 0;
  }

  has(row: Row, labels: EncodedLabels): boolean {
    return sameLabels(this.rows.arena.bytes, this.labelsAt(row), this.spec.labels, labels);
  }

  row(labels: NewLabels | EncodedLabels, startMs: number, value = 0): Row {
    const row = takeRow(this.rows, labels, startMs, this.newestWalk, value);
    this.cells = this.rows.columns.cells;
    this.labelBytes = this.rows.arena.bytes;
    if (this.rows.labels.shapes.heap !== this.ownHeap) this.count();
    if (this.saved !== undefined && row !== 0) {
      this.saved.taken.push(row);
      this.setMark(row, mark.kept);
    }
    return row;
  }

  reserve(more: number, like: Row): void {
    const { arena } = this.rows;
    reserveRows(this.rows, more, labelsLength(arena.bytes, this.labelsAt(like), this.spec.labels));
    this.cells = this.rows.columns.cells;
    this.labelBytes = arena.bytes;
  }

  keep(row: Row): void {
    if (this.saved !== undefined) this.setMark(row, mark.kept);
  }

  drop(row: Row): void {
    if (this.saved !== undefined) this.setMark(row, mark.dropped);
    else this.release(row);
  }

  clear(): void {
    if (this.saved !== undefined) throw new Error(`BUG: clear: ${this.spec.name} is being replaced`);
    clearRows(this.rows);
    this.cells = this.rows.columns.cells;
    this.labelBytes = this.rows.arena.bytes;
    this.marks = new Uint8Array(0);
  }

  setStart(row: Row, startMs: number, fromZero = true): void {
    if (inUse(this.rows.columns, row)) this.rows.columns.starts[row] = fromZero ? startMs : -startMs;
  }

  describe(help: string): void {
    this.spec = { ...this.spec, help };
    this.described(this);
  }

  currentWalk(): number {
    return this.newestWalk();
  }

  end(): void {
    this.leave(this);
  }

  /** Other threads may read it from here on. */
  share(): void {
    this.rows.arena.share();
    this.labelBytes = this.rows.arena.bytes;
  }

  get replacing(): boolean {
    return this.saved !== undefined;
  }

  beginReplace(): void {
    const { columns } = this.rows;
    const used = columns.control[control.used] as number;
    this.saved = { cells: columns.cells.slice(0, used * this.stride), starts: columns.starts.slice(0, used), taken: [] };
    this.marks = this.marks.length === columns.capacity ? this.marks.fill(mark.none) : new Uint8Array(columns.capacity);
    Atomics.add(columns.control, control.sequence, 1);
    // Read back for the reason given in `releaseRow`.
    Atomics.load(columns.control, control.sequence);
  }

  /**
   * Drops rows without a mark. `left` is called for each while its labels can still be read, but not for rows that the caller
   * dropped.
   */
  commitReplace(now: number, left: (family: Family, row: Row) => void): void {
    this.saved = undefined;
    if (!this.live) this.rows.columns.goodAt[0] = now;
    const leaving = this.unkept();
    try {
      for (const row of leaving) if (this.marks[row] !== mark.dropped) left(this, row);
    } finally {
      for (const row of leaving) this.release(row);
      Atomics.add(this.rows.columns.control, control.sequence, 1);
    }
  }

  /** Values, starts and rows as they were. Growth stays: rows keep their numbers. */
  rollbackReplace(): void {
    const saved = this.saved as Saved;
    this.saved = undefined;
    const { columns } = this.rows;
    columns.cells.set(saved.cells);
    columns.starts.set(saved.starts);
    for (const row of saved.taken) this.release(row);
    Atomics.add(columns.control, control.sequence, 1);
  }

  private release(row: Row): void {
    releaseRow(this.rows, row);
    this.labelBytes = this.rows.arena.bytes;
    if (this.rows.labels.shapes.heap !== this.ownHeap) this.count();
  }

  /** It has ended. */
  forget(): void {
    this.held.heap -= this.ownHeap;
    this.held.buffers -= this.ownBuffers;
    this.ownHeap = 0;
    this.ownBuffers = 0;
  }

  private count(): void {
    const { columns, arena, labels, blank } = this.rows;
    this.forget();
    this.ownHeap = labels.shapes.heap;
    this.ownBuffers = bytesOf(columns) + blank.byteLength + arena.bytes.length;
    this.held.heap += this.ownHeap;
    this.held.buffers += this.ownBuffers;
  }

  private unkept(): readonly Row[] {
    const { columns } = this.rows;
    const rows: Row[] = [];
    for (let row = 1, used = columns.control[control.used] as number; row < used; row++) {
      if (inUse(columns, row) && this.marks[row] !== mark.kept) rows.push(row);
    }
    return rows;
  }

  private setMark(row: Row, value: number): void {
    if (row >= this.marks.length) {
      const grown = new Uint8Array(this.rows.columns.capacity);
      grown.set(this.marks);
      this.marks = grown;
    }
    this.marks[row] = value;
  }
}
