/** What a function makes of values in another unit, and of series that were one before, or were several. */

export interface Behaviour {
  /** Of which argument the vector is; default 0. */
  readonly vector?: number;
  /**
   * The unit: `keeps` f(k·x) = k·f(x), `squares` f(k·x) = k²·f(x), `drops` f(k·x) = f(x), `needs` the old values. Default
   * `needs`.
   */
  readonly unit?: 'keeps' | 'squares' | 'drops' | 'needs';
  /** f(x + y) = f(x) + f(y), for samples of the same times. */
  readonly linear?: true;
  /** It reads a total that only falls at a restart, or a value that goes up and down. */
  readonly of?: 'counter' | 'gauge';
  /** The result has no labels. */
  readonly unlabelled?: true;
}

const linear: Behaviour = { unit: 'keeps', linear: true };
const keeps: Behaviour = { unit: 'keeps' };
const drops: Behaviour = { unit: 'drops' };

/** A function that is not here needs the old values and the old series. */
export const functions: Readonly<Record<string, Behaviour>> = {
  rate: { ...linear, of: 'counter' },
  increase: { ...linear, of: 'counter' },
  irate: { ...linear, of: 'counter' },
  delta: { ...linear, of: 'gauge' },
  idelta: { ...linear, of: 'gauge' },
  deriv: { ...linear, of: 'gauge' },
  predict_linear: { ...linear, of: 'gauge' },
  double_exponential_smoothing: { ...linear, of: 'gauge' },
  holt_winters: { ...linear, of: 'gauge' },
  sum_over_time: linear,
  avg_over_time: linear,
  last_over_time: linear,
  first_over_time: linear,
  min_over_time: keeps,
  max_over_time: keeps,
  mad_over_time: keeps,
  stddev_over_time: keeps,
  stdvar_over_time: { unit: 'squares' },
  quantile_over_time: { unit: 'keeps', vector: 1 },
  count_over_time: drops,
  present_over_time: drops,
  changes: drops,
  resets: { unit: 'drops', of: 'counter' },
  ts_of_first_over_time: drops,
  ts_of_last_over_time: drops,
  ts_of_max_over_time: drops,
  ts_of_min_over_time: drops,
  abs: keeps,
  deg: keeps,
  rad: keeps,
  sgn: drops,
  sort: keeps,
  sort_desc: keeps,
  vector: keeps,
  scalar: { unit: 'keeps', unlabelled: true },
};

export const aggregations: Readonly<Record<string, Behaviour>> = {
  sum: linear,
  avg: keeps,
  min: keeps,
  max: keeps,
  stddev: keeps,
  stdvar: { unit: 'squares' },
  quantile: keeps,
  topk: keeps,
  bottomk: keeps,
  count: drops,
  group: drops,
};
