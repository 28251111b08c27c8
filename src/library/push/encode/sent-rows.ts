/** What was sent of a family, row by row: where its attribute bytes are in the reader's pool, and in which pushes it was. */
import type { FamilyView, Row } from '../../../core/store/store.ts';
import { resized } from '../../../core/tables/resized.ts';

const initialRows = 8;

export class SentRows {
  readonly family: FamilyView;
  size = 0;
  /** Rows that the push in progress has. */
  seen = 0;
  at = new Int32Array(initialRows);
  lengths = new Int32Array(initialRows);
  /** 0: nothing is known of the row. */
  private generations = new Int32Array(initialRows);
  /** Numbers of pushes: the first one that had the series, and the last. */
  private first = new Int32Array(initialRows);
  private last = new Int32Array(initialRows);
  private starts = new Float64Array(initialRows);
  /** Equal for families that are one stream to a receiver. */
  private readonly stream: string;

  constructor(family: FamilyView) {
    const { spec, source } = family;
    const resource = source.resource === undefined ? '' : Buffer.from(source.resource).toString('latin1');
    this.family = family;
    this.stream = JSON.stringify([resource, source.scope, spec.name, spec.kind, spec.unit]);
  }

  has(row: Row): boolean {
    return (this.generations[row] ?? 0) !== 0;
  }

  hasGeneration(row: Row, generation: number): boolean {
    return this.generations[row] === generation;
  }

  add(row: Row, generation: number, at: number, length: number, push: number): void {
    if (row >= this.generations.length) this.grow(row);
    this.generations[row] = generation;
    this.at[row] = at;
    this.lengths[row] = length;
    this.first[row] = push;
    this.last[row] = push;
    this.starts[row] = this.family.start(row);
    this.size++;
    this.seen++;
  }

  see(row: Row, push: number): void {
    if (this.last[row] === push) return;
    this.last[row] = push;
    this.seen++;
  }

  remove(row: Row): void {
    this.generations[row] = 0;
    this.size--;
  }

  wasSentBy(push: number, row: Row): boolean {
    return (this.first[row] as number) <= push;
  }

  startMs(row: Row): number {
    return this.starts[row] as number;
  }

  *known(): Iterable<Row> {
    for (let row = 1; row < this.generations.length; row++) if (this.generations[row] !== 0) yield row;
  }

  /** Rows that a push did not have. */
  *missing(push: number): Iterable<Row> {
    if (this.seen === this.size) return;
    for (const row of this.known()) if (this.last[row] !== push) yield row;
  }

  /** Names a series for as long as a receiver knows it, whichever row it has. */
  keyOf(attributes: Uint8Array): string {
    return this.stream + Buffer.from(attributes.buffer, attributes.byteOffset, attributes.length).toString('latin1');
  }

  private grow(row: Row): void {
    let capacity = this.generations.length;
    while (capacity <= row) capacity *= 2;
    for (const column of ['generations', 'at', 'lengths', 'first', 'last'] as const)
      this[column] = resized(this[column], capacity);
    this.starts = resized(this.starts, capacity);
  }
}
