/** Random expressions over the shop's old metrics, of the shapes that dashboards and rules have. */
import type { Random } from '../random.ts';

interface Metric {
  readonly name: string;
  /** With values that matchers select. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly counter: boolean;
}

const region = ['eu', 'us'];
const metrics: readonly Metric[] = [
  { name: 'shop_visits_total', labels: { region, code: ['200', '404', '500'] }, counter: true },
  { name: 'shop_orders_total', labels: { region }, counter: true },
  { name: 'shop_payments_total', labels: { region, method: ['card', 'invoice', 'cash'] }, counter: true },
  { name: 'shop_refunds_total', labels: { region, status: ['ok', 'error', 'late'] }, counter: true },
  { name: 'shop_parcels_total', labels: { region, carrier: ['post', 'bike'] }, counter: true },
  { name: 'shop_works_milliseconds_total', labels: { region, kind: ['pack', 'send', 'print'], crew: ['a', 'b'] }, counter: true },
  { name: 'shop_latency_milliseconds_sum', labels: { region }, counter: true },
  { name: 'shop_latency_milliseconds_count', labels: { region }, counter: true },
  { name: 'shop_stock', labels: { region, shelf: ['top', 'low'] }, counter: false },
  { name: 'shop_delay_milliseconds', labels: { region }, counter: false },
  { name: 'shop_build', labels: { version: ['1', '2'] }, counter: false },
];

const ofCounters = ['rate', 'increase', 'irate', 'resets', 'changes', 'sum_over_time', 'last_over_time'];
const ofGauges = [
  'delta',
  'deriv',
  'avg_over_time',
  'max_over_time',
  'min_over_time',
  'stddev_over_time',
  'changes',
  'count_over_time',
  'idelta',
];
const simple = ['abs', 'ceil', 'floor', 'round', 'sgn', 'sqrt', 'ln', 'sort', 'sort_desc', 'exp', 'timestamp'];
const aggregations = ['sum', 'sum', 'sum', 'avg', 'min', 'max', 'count', 'stddev', 'group', 'stdvar'];
const arithmetic = ['+', '-', '*', '/'];
const comparisons = ['>', '<', '>=', '<=', '!='];

/** @param depth how many levels at most, beside the selector's */
export function expressionOf(draw: Random, depth = 3): string {
  if (depth === 0) return draw.next() < 0.4 ? selector(draw, draw.pick(metrics)) : overRange(draw, draw.pick(metrics));
  const inner = () => expressionOf(draw, depth - 1 - draw.between(0, 1) * (depth > 1 ? 1 : 0));
  const shapes: readonly (() => string)[] = [
    () => overRange(draw, draw.pick(metrics)),
    () => aggregation(draw, inner()),
    () => aggregation(draw, inner()),
    () => aggregation(draw, inner()),
    () => quantile(draw),
    () => withNumber(draw, inner()),
    () => withNumber(draw, inner()),
    () => pair(draw, inner),
    () => pair(draw, inner),
    () => `${draw.pick(simple)}(${inner()})`,
    () => `(${inner()})`,
    () => `-${draw.next() < 0.5 ? selector(draw, draw.pick(metrics)) : `(${inner()})`}`,
    () =>
      `${draw.pick(['topk', 'bottomk'])}${draw.next() < 0.3 ? ` by (${labels(draw)}) ` : ''}(${draw.between(1, 3)}, ${distinct(draw)})`,
    () => `${selector(draw, draw.pick(metrics))} % ${draw.between(1, 300)}.37`,
    () => `quantile${draw.next() < 0.5 ? ` by (${labels(draw)}) ` : ''}(0.5, ${inner()})`,
    () =>
      `${draw.pick(['max_over_time', 'avg_over_time', 'sum_over_time', 'min_over_time'])}((${inner()})[3m:${draw.pick(['30s', '1m'])}])`,
    () => `absent(${selector(draw, draw.pick(metrics))})`,
    () =>
      `label_replace(${inner()}, "${draw.pick(['zone', 'region'])}", "$1-x", "${draw.pick(['region', 'method', 'status', 'kind'])}", "(.+)")`,
    () => `label_join(${inner()}, "joined", "/", "region", "${draw.pick(['method', 'status', 'kind', 'code'])}")`,
    () => `clamp_${draw.pick(['min', 'max'])}(${inner()}, ${draw.between(1, 900)})`,
    () => `scalar(sum(${inner()}))`,
    () => `${inner()}  # a comment\n`,
    () => `count_values("size", ${draw.pick(['count', 'max', 'sum'])}(${inner()}))`,
  ];
  return draw.pick(shapes)();
}

function selector(draw: Random, { name, labels: known }: Metric, range = ''): string {
  const matchers = Object.entries(known).flatMap(([label, values]) => {
    if (draw.next() < 0.6) return [];
    const value = draw.pick(values);
    const pair = `${value}|${draw.pick(values)}`;
    return draw.pick([
      `${label}="${value}"`,
      `${label} = '${value}'`,
      `${label}!="${value}"`,
      `${label}=~"${pair}"`,
      `${label}!~"${value}"`,
      `${label}=~"${value.slice(0, 1)}.*"`,
      `${label}=~".+"`,
      `${label}!=""`,
    ]);
  });
  const modifier = draw.pick(['', '', '', '', ' offset 1m', ' offset -30s', ' @ 1700004000', ' @ end()', ' @ start() offset 2m']);
  const quoted = draw.next();
  if (quoted < 0.08) return `{"${name}"${matchers.map((matcher) => `, ${matcher}`).join('')}}${range}${modifier}`;
  if (quoted < 0.14) return `{${[...matchers, `__name__="${name}"`].join(',')}}${range}${modifier}`;
  if (matchers.length === 0) return `${name}${draw.pick(['', '', '{}'])}${range}${modifier}`;
  return `${name}{${matchers.join(draw.pick([',', ', ']))}${draw.pick(['', '', ','])}}${range}${modifier}`;
}

/** Without two series of one value: which of those topk() takes depends on nothing that Prometheus documents. */
function distinct(draw: Random): string {
  const metric = draw.pick(metrics.filter(({ name }) => name !== 'shop_build'));
  const range = selector(draw, metric, '[5m]');
  return metric.counter ? draw.pick([`rate(${range})`, `sum by (${labels(draw)}) (rate(${range}))`]) : `avg_over_time(${range})`;
}

function overRange(draw: Random, metric: Metric): string {
  const range = draw.pick(['[1m]', '[2m]', '[5m]']);
  const name = draw.pick(metric.counter ? ofCounters : ofGauges);
  if (draw.next() < 0.06) return `quantile_over_time(0.9, ${selector(draw, metric, range)})`;
  if (draw.next() < 0.06 && !metric.counter) return `predict_linear(${selector(draw, metric, range)}, 600)`;
  if (metric.counter && draw.next() < 0.6) return `rate(${selector(draw, metric, range)})`;
  return `${name}(${selector(draw, metric, range)})`;
}

function labels(draw: Random): string {
  const all = ['region', 'method', 'status', 'kind', 'crew', 'carrier', 'shelf', 'code', 'job', 'instance'];
  return Array.from({ length: draw.between(0, 2) }, () => draw.pick(all)).join(', ');
}

function aggregation(draw: Random, inner: string): string {
  const name = draw.pick(aggregations);
  const list = draw.next() < 0.25 ? '' : `${draw.pick(['by', 'by', 'without'])} (${labels(draw)})`;
  return draw.next() < 0.5 ? `${name} ${list} (${inner})` : `${name}(${inner}) ${list}`;
}

function quantile(draw: Random): string {
  const metric = { name: 'shop_latency_milliseconds_bucket', labels: { region }, counter: true };
  const rate = `rate(${selector(draw, metric, '[5m]')})`;
  const grouped = draw.pick([
    rate,
    `sum by (le) (${rate})`,
    `sum by (region, le) (${rate})`,
    `sum without (instance, region) (${rate})`,
  ]);
  const bound = draw.pick(['500.0', '50.0', '+Inf', '5.0']);
  return draw.pick([
    `histogram_quantile(${draw.pick(['0.5', '0.9', '0.99'])}, ${grouped})`,
    `histogram_quantile(0.95, ${grouped}) > ${draw.between(1, 900)}.5`,
    `histogram_fraction(0, ${draw.between(10, 900)}, ${grouped})`,
    `sum(rate(shop_latency_milliseconds_bucket{le="${bound}"}[5m])) / sum(rate(shop_latency_milliseconds_count[5m]))`,
    `rate(shop_latency_milliseconds_bucket{le="${bound}"}[5m]) / ignoring (le) rate(shop_latency_milliseconds_bucket{le="+Inf"}[5m])`,
    'rate(shop_latency_milliseconds_sum[2m]) / rate(shop_latency_milliseconds_count[2m])',
  ]);
}

function withNumber(draw: Random, inner: string): string {
  const compared = draw.next() < 0.4;
  const op = compared ? `${draw.pick(comparisons)}${draw.pick(['', '', ' bool'])}` : draw.pick(arithmetic);
  // Between values, and zero, which is the same in every unit.
  const number = draw.pick(['0', `${draw.between(0, 300)}.37`, '2', '1000', '1e3']);
  const side = draw.next() < 0.5 ? inner : `(${inner})`;
  if (draw.next() < 0.1) return `${side} ^ 2`;
  return draw.next() < 0.75 ? `${side} ${op} ${number}` : `${number} ${op} ${side}`;
}

function pair(draw: Random, inner: () => string): string {
  const op = draw.pick([...arithmetic, ...arithmetic, 'and', 'or', 'unless', '>', '< bool']);
  const [left, right] = [`(${inner()})`, `(${inner()})`];
  const set = ['and', 'or', 'unless'].includes(op);
  const one = `sum by (region) (${inner()})`;
  return draw.pick([
    `${left} ${op} ${right}`,
    `${left} ${op} on (${labels(draw)}) ${right}`,
    `${left} ${op} ignoring (${labels(draw)}) ${right}`,
    set ? `${left} ${op} ${right}` : `${left} ${op} on (region) group_left ${one}`,
    set ? `${left} ${op} ${right}` : `${one} ${op} on (region) group_right () ${left}`,
    `${one} ${op} sum by (region) (${inner()})`,
    `sum by (region, job) (${inner()}) ${op} on (region) ${one}`,
  ]);
}
