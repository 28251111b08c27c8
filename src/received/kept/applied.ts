/**
 * What a restored series holds already. Its part was taken while batches went on, so some of those that are repeated behind it are in its value: a delta would
 * be added twice. A stream that writes to a series of several may be of an earlier part than the series' last one: of the batches between, its times are not known.
 */

/** A class, because it is asked for each point while batches are repeated; otherwise `isOn` is all that is read. */
export class Applied {
  isOn = false;
  /** The number of the batch that is repeated. */
  batch = 0;
  /** By series, and by stream, the number of the last batch that is in its part. */
  private series = new Float64Array(0);
  private streams = new Float64Array(0);

  /** A stream was restored, and its series. */
  set(series: number, stream: number, batch: number): void {
    this.series = withRoom(this.series, series);
    this.streams = withRoom(this.streams, stream);
    this.series[series] = Math.max(this.series[series] as number, batch);
    this.streams[stream] = batch;
    this.isOn = true;
  }

  has(series: number): boolean {
    return this.batch <= (this.series[series] ?? 0);
  }

  hasStream(stream: number): boolean {
    return this.batch <= (this.streams[stream] ?? 0);
  }

  /** The number is another series' now. */
  forget(series: number): void {
    if (series < this.series.length) this.series[series] = 0;
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
