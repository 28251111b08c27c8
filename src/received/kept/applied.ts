/**
 * What a restored series holds already. Its part was taken while batches went on, so some of those that are repeated behind it are in its value: a delta would
 * be added twice.
 */

/** A class, because it is asked for each point while batches are repeated; otherwise `isOn` is all that is read. */
export class Applied {
  isOn = false;
  /** The number of the batch that is repeated. */
  batch = 0;
  /** By series, the number of the last batch that its value has. */
  private upTo = new Float64Array(0);

  /** The series was restored. */
  set(series: number, batch: number): void {
    if (series >= this.upTo.length) {
      const larger = new Float64Array(Math.max(1_024, 2 * (series + 1)));
      larger.set(this.upTo);
      this.upTo = larger;
    }
    this.upTo[series] = Math.max(this.upTo[series] as number, batch);
    this.isOn = true;
  }

  has(series: number): boolean {
    return this.batch <= (this.upTo[series] ?? 0);
  }

  /** The number is another series' now. */
  forget(series: number): void {
    if (series < this.upTo.length) this.upTo[series] = 0;
  }

  end(): void {
    this.isOn = false;
    this.upTo = new Float64Array(0);
  }
}
