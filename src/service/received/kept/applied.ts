/**
 * What restored series hold already. Parts were taken while batches went on, so some of those that are repeated behind them are
 * in their values: a delta would be added twice. A series of several streams is what it was in the first part that has one of
 * them, and all that came behind that part is repeated.
 *
 * Of points that are not repeated it is not known whether they were accepted. What streams that are in no part before those
 * batches miss is in a part behind them.
 */

interface Hidden {
  readonly series: number;
  readonly batch: number;
}

/** A class, because it is asked for each point while batches are repeated; otherwise `isOn` is all that is read. */
export class Applied {
  isOn = false;
  /** The number of the batch that is repeated. */
  batch = 0;
  /** By series, the number of the last batch that is in it. */
  private series = new Float64Array(0);
  /** By stream, 1: it is in a part. */
  private streams = new Float64Array(0);
  /**
   * Series without a row, in the order of their batches. They have one, so that they are found, until a batch is repeated that
   * may change them.
   */
  private readonly hidden: Hidden[] = [];
  private readonly unplace: (series: number) => void;

  /** @param unplace takes the row of a series */
  constructor(unplace: (series: number) => void) {
    this.unplace = unplace;
  }

  /** A series was restored. */
  set(series: number, batch: number): void {
    this.series = withRoom(this.series, series);
    this.series[series] = batch;
  }

  /** It has no row. */
  hide(series: number, batch: number): void {
    this.set(series, batch);
    this.hidden.push({ series, batch });
  }

  setStream(stream: number): void {
    this.streams = withRoom(this.streams, stream);
    this.streams[stream] = 1;
    this.isOn = true;
  }

  has(series: number): boolean {
    return this.batch <= (this.series[series] ?? 0);
  }

  hasStream(stream: number): boolean {
    return this.streams[stream] === 1;
  }

  /** It is in a part. */
  isRestored(series: number): boolean {
    return (this.series[series] ?? 0) > 0;
  }

  /** The number is another series' now. */
  forget(series: number): void {
    if (series < this.series.length) this.series[series] = 0;
  }

  /** The batch of that number is repeated next. */
  repeats(batch: number): void {
    this.batch = batch;
    let passed = 0;
    while (passed < this.hidden.length && (this.hidden[passed] as Hidden).batch < batch) passed++;
    for (const { series } of this.hidden.splice(0, passed)) this.unplace(series);
  }

  end(): void {
    this.isOn = false;
    this.series = new Float64Array(0);
    this.streams = new Float64Array(0);
  }
}

function withRoom(numbers: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  if (index < numbers.length) return numbers;
  const larger = new Float64Array(Math.max(1_024, 2 * (index + 1)));
  larger.set(numbers);
  return larger;
}
