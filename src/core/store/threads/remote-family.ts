/** A family as another thread sees it: it copies slices of its memory, and discards a slice that the writer changed meanwhile. */
import { control } from '../cells/columns.ts';
import { copyExponential } from '../cells/exponential-copy.ts';
import { layoutOf, type RowLayout } from '../cells/row-layout.ts';
import { readLabels } from '../labels/row-labels.ts';
import type { FamilySpec, FamilyView, Row, RowLabels, SourceSpec, Visitor } from '../store.ts';
import { rowsFor } from '../walk.ts';
import type { SharedBuffers, ShareMessage } from './share.ts';

/** How often a slice is copied again before the walk must yield. */
const mostTries = 8;
/** How long a walk sleeps while a replacement is under way: a few hundred rows are replaced in less. */
const waitMs = 1;

/** The copied slice, for all families: a walk is in one at a time. */
export interface Scratch {
  cells: Float64Array;
  generations: Int32Array;
  takenInWalk: Int32Array;
}

export function createScratch(): Scratch {
  return { cells: new Float64Array(0), generations: new Int32Array(0), takenInWalk: new Int32Array(0) };
}

export class RemoteFamily implements FamilyView {
  readonly id: number;
  readonly group: number;
  spec: FamilySpec;
  readonly source: SourceSpec;
  readonly rowLayout: RowLayout;
  readonly stride: number;
  goodAt = Number.NEGATIVE_INFINITY;
  size = 0;
  private buffers: SharedBuffers;
  private layout: number;
  private readonly scratch: Scratch;
  private readonly drain: () => void;

  constructor(message: Extract<ShareMessage, { type: 'family' }>, scratch: Scratch, drain: () => void) {
    const { id, group, spec, source, buffers, layout } = message;
    this.id = id;
    this.group = group;
    this.spec = spec;
    this.source = source;
    this.rowLayout = layoutOf(spec);
    this.stride = this.rowLayout.cells;
    this.buffers = buffers;
    this.layout = layout;
    this.scratch = scratch;
    this.drain = drain;
  }

  get cells(): Float64Array {
    return this.scratch.cells;
  }

  get used(): number {
    return Atomics.load(this.buffers.control, control.used);
  }

  get taken(): number {
    return Atomics.load(this.buffers.control, control.taken);
  }

  replace(buffers: SharedBuffers, layout: number): void {
    this.buffers = buffers;
    this.layout = layout;
  }

  describe(spec: FamilySpec): void {
    this.spec = spec;
  }

  labels(row: Row): RowLabels {
    this.catchUp();
    const labels = readLabels(this.buffers.arena, this.labelsAt(row), this.spec.labels);
    fence();
    return labels;
  }

  get labelBytes(): Uint8Array {
    this.catchUp();
    return this.buffers.arena;
  }

  labelsAt(row: Row): number {
    return this.buffers.labelsAt[row] ?? 0;
  }

  holds(row: Row, generation: number): boolean {
    fence();
    return this.generation(row) === generation;
  }

  /** As it is now. */
  start(row: Row): number {
    return Math.abs(this.startIn(row));
  }

  zeroAt(row: Row): number {
    return Math.max(0, this.startIn(row));
  }

  /** As it is now. */
  generation(row: Row): number {
    this.catchUp();
    const { generations } = this.buffers;
    return row < generations.length ? Atomics.load(generations, row) : 0;
  }

  /** Copies a slice and returns where it ends; undefined while rows are being replaced. */
  load(start: Row, cells: number): Row | undefined {
    const { control: words } = this.buffers;
    for (let tries = 0; tries < mostTries; tries++) {
      const sequence = Atomics.load(words, control.sequence);
      if ((sequence & 1) === 1) {
        Atomics.wait(words, control.sequence, sequence, waitMs);
        continue;
      }
      this.catchUp();
      const end = this.copy(start, cells);
      fence();
      if (Atomics.load(words, control.sequence) === sequence && Atomics.load(words, control.layout) === this.layout) return end;
    }
    return undefined;
  }

  /**
   * Shows the slice that was copied, and returns the row behind the last one shown. A row that has changed hands since may hold
   * another's values in the copy.
   */
  visit(visitor: Visitor, start: Row, end: Row, walk: number): Row {
    const { generations, takenInWalk } = this.scratch;
    for (let row = start, at = 0; row < end; row++, at++) {
      const generation = generations[at] as number;
      if ((generation & 1) === 1 && (takenInWalk[at] as number) < walk && this.generation(row) === generation) {
        visitor.row(this, row, generation, at * this.stride);
        if (visitor.enough === true) return row + 1;
      }
    }
    return end;
  }

  private startIn(row: Row): number {
    this.catchUp();
    return this.buffers.starts[row] ?? 0;
  }

  private copy(start: Row, cells: number): Row {
    const { buffers, scratch, stride } = this;
    const end = Math.min(this.used, buffers.generations.length, start + rowsFor(cells, stride));
    const rows = Math.max(0, end - start);
    this.goodAt = buffers.goodAt[0] as number;
    this.size = buffers.control[control.size] as number;
    reserve(scratch, rows, rows * stride);
    // Generations first: whatever changes behind them shows when they are looked at again.
    for (let at = 0; at < rows; at++) scratch.generations[at] = Atomics.load(buffers.generations, start + at);
    for (let at = 0; at < rows; at++) scratch.takenInWalk[at] = buffers.takenInWalk[start + at] as number;
    this.copyCells(start * stride, rows);
    return Math.max(start, end);
  }

  private copyCells(from: number, rows: number): void {
    const { scratch, stride, rowLayout } = this;
    const { cells } = this.buffers;
    if (rowLayout.exponential !== undefined) {
      for (let at = 0; at < rows * stride; at += stride)
        copyExponential(cells, from + at, scratch.cells, at, stride, rowLayout.exponential);
    } else for (let at = 0; at < rows * stride; at++) scratch.cells[at] = cells[from + at] as number;
  }

  /** The writer announces new buffers before a reader can notice them, so they are in the port by now. */
  private catchUp(): void {
    if (Atomics.load(this.buffers.control, control.layout) !== this.layout) this.drain();
  }
}

function reserve(scratch: Scratch, rows: number, cells: number): void {
  if (scratch.cells.length < cells) scratch.cells = new Float64Array(cells);
  if (scratch.generations.length >= rows) return;
  scratch.generations = new Int32Array(rows);
  scratch.takenInWalk = new Int32Array(rows);
}

const word = new Int32Array(1);

/** Keeps the plain reads ahead of it before the atomic reads behind it, where a processor would swap them. */
function fence(): void {
  Atomics.store(word, 0, 0);
}
