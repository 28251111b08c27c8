/** A record that has children: of a resource, a scope or a metric. A class, because there may be as many as points. */

import { odd } from '../../wire/varint.ts';
import { attributes } from './attributes.ts';
import type { Reading } from './reading.ts';

export class Level {
  private readonly reading: Reading;
  private readonly record: number;
  private readonly pointsBefore: number;
  /** Something of its own is wrong, so all its points are rejected. */
  private refused = false;

  constructor(reading: Reading, size: number) {
    reading.room(size);
    this.reading = reading;
    this.record = reading.length;
    this.pointsBefore = reading.points;
    this.refused = reading.wasRefused();
    reading.index.fill(0, this.record, this.record + size);
    reading.length += size;
  }

  get(column: number): number {
    return this.reading.index[this.record + column] as number;
  }

  set(column: number, value: number): void {
    this.reading.index[this.record + column] = value;
  }

  range(column: number, from: number, to: number): void {
    this.set(column, from);
    this.set(column + 1, to);
  }

  string(column: number, from: number, to: number, what: string): void {
    this.range(column, from, to);
    this.reading.text(from, to, what);
    this.checked();
  }

  /** All that stand one after the other; the place behind them. `odd` also where others came before. */
  attributes(column: number, from: number, to: number, tag: number): number {
    if (this.get(column + 1) !== 0) return odd;
    const at = attributes(this.reading, from, to, tag);
    this.range(column, from, at);
    this.checked();
    return at;
  }

  /** Writes where its last child ends, or takes it away with all of them. */
  close(column: number): void {
    const { reading } = this;
    if (this.refused) {
      reading.rejected += reading.points - this.pointsBefore;
      reading.points = this.pointsBefore;
      reading.length = this.record;
    } else this.set(column, reading.length);
  }

  private checked(): void {
    if (this.reading.wasRefused()) this.refused = true;
  }
}
