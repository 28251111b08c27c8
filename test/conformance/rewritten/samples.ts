/** Samples of one shop as the old daemon shows them, and as the new one does: both are sums of the same small parts. */
import { type Random, random } from '../random.ts';

/** Seconds since the epoch; a multiple of an hour, so that subqueries are aligned. */
export const start = 1_700_002_800;
export const everySeconds = 15;
const samples = 161;
export const end = start + (samples - 1) * everySeconds;
/**
 * All totals fall here, as they do at a restart from an older backup. They stay far above zero: rate() extrapolates no further
 * than to zero, a series.
 */
const restart = 90;

type Labels = Readonly<Record<string, string>>;
/** The parts' labels, and their value at each time. */
interface Cell {
  readonly old: Labels;
  readonly now: Labels;
  readonly values: readonly (number | undefined)[];
}

interface Family {
  readonly old: string | undefined;
  readonly now: string | undefined;
  /** New value = old value × factor. */
  readonly factor?: number;
  readonly cells: readonly Cell[];
}

const regions = ['eu', 'us'];
const bounds = [5, 50, 500, 2_500];

/** Two pages of OpenMetrics, with a time for each sample. */
export function pages(): { readonly old: string; readonly now: string } {
  // Always the same ones: what is random are the expressions.
  const families = familiesOf(random(28));
  const page = (side: 'old' | 'now') => `${families.flatMap((family) => linesOf(family, side)).join('\n')}\n# EOF\n`;
  return { old: page('old'), now: page('now') };
}

function familiesOf(draw: Random): readonly Family[] {
  const total = (old: Labels, now: Labels) => ({ old, now, values: totals(draw) });
  const each = <T>(...lists: readonly (readonly T[])[]): T[][] =>
    lists.reduce<T[][]>((sets, list) => sets.flatMap((set) => list.map((value) => [...set, value])), [[]]);
  const cells = (lists: readonly (readonly string[])[], of: (...values: string[]) => Cell) =>
    each(regions, ...lists).map((set) => of(...set));
  const invoice: Labels = { card: 'card', invoice: 'bill', cash: 'cash' };
  const coarse: Labels = { ok: 'ok', timeout: 'error', refused: 'error', late: 'late' };
  const kinds: Labels = { pack: 'pack', ship: 'send', etch: 'print', ink: 'print' };
  const shelves: Labels = { top: 'top', left: 'low', right: 'low' };
  const same = (name: string, list: readonly Cell[]): Family => ({ old: name, now: name, cells: list });
  return [
    same(
      'shop_visits_total',
      cells([['200', '404', '500']], (region = '', code = '') => total({ region, code }, { region, code })),
    ),
    { old: 'shop_orders_total', now: 'shop_purchases_total', cells: cells([], (region = '') => total({ region }, { region })) },
    same(
      'shop_payments_total',
      cells([Object.keys(invoice)], (region = '', method = '') =>
        total({ region, method }, { region, means: invoice[method] ?? '' }),
      ),
    ),
    same(
      'shop_refunds_total',
      cells([Object.keys(coarse)], (region = '', status = '') =>
        total({ region, status: coarse[status] ?? '' }, { region, status }),
      ),
    ),
    same(
      'shop_parcels_total',
      cells([['post', 'bike']], (region = '', carrier = '') => total({ region, carrier }, { region })),
    ),
    {
      old: 'shop_works_milliseconds_total',
      now: 'shop_labour_seconds_total',
      factor: 0.001,
      cells: cells([Object.keys(kinds), ['a', 'b']], (region = '', task = '', crew = '') =>
        total({ region, crew, kind: kinds[task] ?? '' }, { region, task }),
      ),
    },
    {
      old: 'shop_stock',
      now: 'shop_shelf_stock',
      cells: cells([Object.keys(shelves)], (region = '', board = '') => ({
        old: { region, shelf: shelves[board] ?? '' },
        now: { region, board },
        values: levels(draw, 40),
      })),
    },
    {
      old: 'shop_delay_milliseconds',
      now: 'shop_delay_seconds',
      factor: 0.001,
      // One region shows none for some minutes.
      cells: cells([], (region = '') => {
        const values = levels(draw, 700).map((value, at) => (region === 'us' && at > 70 && at < 110 ? undefined : value));
        return { old: { region }, now: { region }, values };
      }),
    },
    same('shop_build', [
      { old: { version: '1' }, now: { version: '1', commit: 'abc' }, values: ones((at) => at < 100) },
      // A sample is found for five minutes, and versions do not overlap.
      { old: { version: '2' }, now: { version: '2', commit: 'def' }, values: ones((at) => at >= 125) },
    ]),
    same(
      'shop_seen',
      cells([], (region = '') => total({ region }, { region })),
    ),
    {
      old: 'shop_gone',
      now: undefined,
      cells: cells([], (region = '') => ({ old: { region }, now: {}, values: levels(draw, 9) })),
    },
    ...histogram(draw),
  ];
}

/** Milliseconds, and seconds. */
function histogram(draw: Random): Family[] {
  const buckets: Cell[] = [];
  const sums: Cell[] = [];
  const counts: Cell[] = [];
  for (const region of regions) {
    const within = bounds.map(() => totals(draw));
    const cumulated = [...bounds, Number.POSITIVE_INFINITY].map((_, index) => at(within.slice(0, index + 1)));
    for (const [index, bound] of bounds.entries())
      buckets.push({ old: { region, le: le(bound) }, now: { region, le: le(bound / 1_000) }, values: cumulated[index] ?? [] });
    const all = cumulated.at(-1) ?? [];
    buckets.push({ old: { region, le: '+Inf' }, now: { region, le: '+Inf' }, values: all });
    counts.push({ old: { region }, now: { region }, values: all });
    sums.push({ old: { region }, now: { region }, values: all.map((value) => value * 37.123) });
  }
  const named = (part: string) => ({ old: `shop_latency_milliseconds_${part}`, now: `shop_latency_seconds_${part}` });
  return [
    { ...named('bucket'), cells: buckets },
    { ...named('sum'), factor: 0.001, cells: sums },
    { ...named('count'), cells: counts },
  ];
}

const at = (lists: readonly (readonly number[])[]) =>
  Array.from({ length: samples }, (_, index) => lists.reduce((sum, list) => sum + (list[index] ?? 0), 0));

/** As Prometheus 3 keeps it. */
const le = (bound: number) => (Number.isInteger(bound) ? `${bound}.0` : String(bound));

function totals(draw: Random): number[] {
  let value = draw.between(100_000, 200_000);
  return Array.from({ length: samples }, (_, at) => {
    value = at === restart ? 20_000 + draw.next() * 10_000 : value + draw.next() * 60;
    return value;
  });
}

function levels(draw: Random, most: number): number[] {
  let value = draw.next() * most;
  return Array.from({ length: samples }, () => {
    value = Math.min(most, Math.max(0, value + draw.next() * 8 - 4));
    return value;
  });
}

const ones = (is: (at: number) => boolean) => Array.from({ length: samples }, (_, at) => (is(at) ? 1 : undefined));

function linesOf({ old, now, factor = 1, cells }: Family, side: 'old' | 'now'): string[] {
  const name = side === 'old' ? old : now;
  if (name === undefined) return [];
  const series = new Map<string, (number | undefined)[]>();
  for (const cell of cells) {
    const labels = Object.entries(cell[side]).map(([label, value]) => `${label}="${value}"`);
    const key = `${name}{instance="shop:80",job="shop"${labels.map((label) => `,${label}`).join('')}}`;
    const sums = series.get(key) ?? [];
    cell.values.forEach((value, index) => {
      if (value !== undefined) sums[index] = (sums[index] ?? 0) + value;
    });
    series.set(key, sums);
  }
  const shown = (value: number) => (side === 'now' && factor !== 1 ? value / Math.round(1 / factor) : value);
  const lines: string[] = [];
  for (const [key, values] of series)
    values.forEach((value, index) => {
      if (value !== undefined) lines.push(`${key} ${shown(value)} ${start + index * everySeconds}`);
    });
  return lines;
}
