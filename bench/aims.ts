/** What the engine was built to reach, as ratios within one run, and whether it does. */
import { labelSets } from './label-sets.ts';
import { shown } from './report.ts';
import type { Row } from './rounds.ts';

interface Aim {
  readonly case: string;
  /** Cases that share an aim, which is held against the worst of them. */
  readonly of?: string;
  readonly unit: string;
  readonly says: string;
  /** The figure that is judged; undefined when the run does not have what it takes. */
  readonly figure: (row: Row) => number | undefined;
  readonly least?: number;
  readonly most?: number;
  /** Not negotiable, unlike an aim. */
  readonly condition?: boolean;
}

export interface Verdict {
  readonly case: string;
  readonly of: string | undefined;
  readonly aim: string;
  readonly figure: number;
  readonly reached: boolean;
  readonly condition: boolean;
  readonly text: string;
  /** Less is worse: to compare verdicts on one aim. */
  readonly slack: number;
}

const javascriptClients = ['prom-client', '@prometheus-io/client'];

/** How many times faster than the fastest of these. */
function times(...names: readonly string[]) {
  return ({ ratios }: Row): number | undefined => {
    const known = names.flatMap((name) => ratios[name] ?? []);
    return known.length === 0 ? undefined : Math.min(...known);
  };
}

function beyondEmpty({ results }: Row): number | undefined {
  const { meterbridge, empty } = results;
  return meterbridge === undefined || empty === undefined ? undefined : Math.max(0, meterbridge - empty);
}

function own(contender = 'meterbridge') {
  return ({ results }: Row): number | undefined => results[contender];
}

/** A share of the best JavaScript client's figure; with a floor, of what each takes beyond it. */
function share(contender: string, floor?: string) {
  return ({ results }: Row): number | undefined => {
    const mine = results[contender];
    const clients = javascriptClients.flatMap((name) => results[name] ?? []);
    const least = floor === undefined ? 0 : results[floor];
    const clientsLeast = floor === undefined ? 0 : results.constant;
    if (mine === undefined || least === undefined || clientsLeast === undefined || clients.length === 0) return undefined;
    return Math.max(0, mine - least) / (Math.min(...clients) - clientsLeast);
  };
}

/** What it takes more than the least of these. */
function beyond(contender: string, ...names: readonly string[]) {
  return ({ results }: Row): number | undefined => {
    const mine = results[contender];
    const others = names.flatMap((name) => results[name] ?? []);
    return mine === undefined || others.length === 0 ? undefined : mine - Math.min(...others);
  };
}

function threadBeyond(row: Row): number | undefined {
  const mine = beyond('meterbridge-thread', ...javascriptClients)(row);
  const worker = beyond('empty-thread', 'empty')(row);
  return mine === undefined || worker === undefined ? undefined : mine - worker;
}

const js = times(...javascriptClients);
const sdk = times('otel-sdk');
/** The share of what a contender adds to an app without it. */
const added =
  (name: string) =>
  ({ beyond }: Row): number | undefined =>
    beyond?.[name];
const twoMaps = added('two-maps');

const aims: readonly Aim[] = [
  ...labelSets
    .filter(({ name }) => name !== 'uuids-5000')
    .flatMap(({ name: set }) => [
      { case: `counter-${set}`, of: 'counter', unit: 'CPU ns/op', says: '≥ 5× the best JS client', figure: js, least: 5 },
      { case: `counter-${set}`, of: 'counter', unit: 'CPU ns/op', says: '≥ 15× the OTel SDK', figure: sdk, least: 15 },
      {
        case: `counter-${set}`,
        of: 'counter',
        unit: 'CPU ns/op',
        says: '≤ 1.05 of two maps, each less an empty call',
        figure: twoMaps,
        most: 1.05,
      },
      {
        case: `counter-${set}`,
        of: 'counter',
        unit: 'B/op',
        says: '0 bytes beyond an empty call',
        figure: beyondEmpty,
        most: 0,
        condition: true,
      },
      {
        case: `counter-otel-api-${set}`,
        of: 'counter-otel-api',
        unit: 'CPU ns/op',
        says: '≥ 4× the best JS client',
        figure: js,
        least: 4,
      },
      {
        case: `counter-otel-api-${set}`,
        of: 'counter-otel-api',
        unit: 'CPU ns/op',
        says: '≥ 15× the OTel SDK',
        figure: sdk,
        least: 15,
      },
      { case: `histogram-${set}`, of: 'histogram', unit: 'CPU ns/op', says: '≥ 5× the best JS client', figure: js, least: 5 },
      {
        case: `histogram-${set}`,
        of: 'histogram',
        unit: 'B/op',
        says: '0 bytes beyond an empty call',
        figure: beyondEmpty,
        most: 0,
        condition: true,
      },
    ]),
  { case: 'counter-open', unit: 'CPU ns/op', says: '≥ 3× the OTel SDK', figure: sdk, least: 3 },
  { case: 'counter-bound', unit: 'CPU ns/op', says: '≤ 3 ns beyond an empty call', figure: beyondEmpty, most: 3 },
  ...['render-100k', 'render-1m'].flatMap((name) => [
    { case: name, unit: 'ns/line', says: '≥ 7× the best JS client', figure: js, least: 7 },
    { case: name, unit: 'ns/line', says: '≥ 12× client_golang', figure: times('client_golang'), least: 12 },
    { case: name, unit: 'ns/line', says: '≥ 2× VictoriaMetrics/metrics', figure: times('VictoriaMetrics/metrics'), least: 2 },
  ]),
  ...['series-100', 'series-1000'].flatMap((name) => [
    { case: name, unit: 'ns/line', says: '≤ ½ of the best JS client', figure: js, least: 2 },
    {
      case: name,
      unit: 'ns/line',
      says: 'level with VictoriaMetrics/metrics',
      figure: times('VictoriaMetrics/metrics'),
      least: 1,
    },
  ]),
  { case: 'histograms-100k', unit: 'ns/line', says: '≥ 7× the best JS client', figure: js, least: 7 },
  { case: 'main-1m', unit: 'ms', says: '≤ 5 ms', figure: own(), most: 5 },
  { case: 'main-1m', unit: 'ms', says: 'worker listener ≤ 1 ms', figure: own('meterbridge-thread'), most: 1 },
  { case: 'main-1m', unit: 'CPU ms', says: '≤ 5 ms of CPU time a turn', figure: own(), most: 5 },
  {
    case: 'main-1m',
    unit: 'CPU ms',
    says: 'worker listener ≤ 1 ms of the application’s CPU time a turn',
    figure: own('meterbridge-thread'),
    most: 1,
  },
  { case: 'sorted-1m', unit: 'ms', says: 'first scrape ≤ 4 s', figure: own(), most: 4_000 },
  { case: 'sorted-1m', unit: 'CPU ms longest stall', says: '≤ 5 ms of CPU time a turn', figure: own(), most: 5 },
  {
    case: 'blocked-10s',
    unit: 'ms',
    says: 'worker listener < 100 ms',
    figure: own('meterbridge-thread'),
    most: 100,
    condition: true,
  },
  { case: 'encode-100k', unit: 'ns/point', says: '≥ 10× the stock serializer', figure: times('otel-sdk'), least: 10 },
  ...[40, 200, 2_000].flatMap((series) =>
    ['', '-gzip'].map((form) => {
      return {
        case: `push-${series}${form}`,
        unit: 'CPU µs',
        says: '≥ 3× the OTel SDK with its exporter',
        figure: times('otel-sdk'),
        least: 3,
      };
    }),
  ),
  {
    case: 'back-to-back',
    unit: 'full collections',
    says: 'no more than bare `node:http`',
    figure: beyond('meterbridge', 'constant'),
    most: 0,
  },
  { case: 'per-line-1m', unit: 'B/line', says: '≤ 120 bytes', figure: own(), most: 120 },
  { case: 'idle-reader', unit: 'kB/1000 pushes', says: 'flat (≤ 10 kB per 1,000 pushes)', figure: own(), most: 10 },
  ...['http-1', 'http-40'].map((name) => {
    return { case: name, unit: 'CPU µs', says: 'the whole ≤ the best JS client', figure: share('meterbridge'), most: 1 };
  }),
  ...Object.entries({ 'overhead-fastify': 'fastify-metrics', 'overhead-express': 'express-prom-bundle' }).map(([name, peer]) => {
    return { case: name, unit: 'CPU µs/request', says: `≤ ⅕ of what ${peer} adds`, figure: added(peer), most: 1 / 5 };
  }),
  ...(
    [
      ['http-40', 1 / 2, '½'],
      ['http-200', 1 / 2, '½'],
      ['http-2000', 1 / 4, '¼'],
      ['http-100k', 1 / 10, '1/10'],
    ] as const
  ).map(([name, most, part]) => {
    const says = `beyond the constant body ≤ ${part} of the best JS client`;
    return { case: name, unit: 'CPU µs', says, figure: share('meterbridge', 'constant'), most };
  }),
  ...['http-40', 'http-200'].map((name) => {
    const says = 'in a thread, beyond its floor ≤ ½ of the best JS client';
    return { case: name, unit: 'CPU µs', says, figure: share('meterbridge-thread', 'constant-thread'), most: 1 / 2 };
  }),
  ...['cluster-8x1000', 'cluster-4x200'].map((name) => {
    return { case: name, unit: 'CPU µs', says: '≤ ⅕ of prom-client in all processes', figure: times('prom-client'), least: 5 };
  }),
  { case: 'listen', unit: 'ms', says: '≤ 1.2 times the best JS client', figure: share('meterbridge'), most: 1.2 },
  {
    case: 'listen',
    unit: 'resident MiB',
    says: '≤ 6 MiB more than the best JS client',
    figure: beyond('meterbridge', ...javascriptClients),
    most: 6,
  },
  {
    case: 'listen',
    unit: 'resident MiB',
    says: 'in a thread ≤ 6 MiB more than the best JS client with an empty worker',
    figure: threadBeyond,
    most: 6,
  },
  { case: 'import', unit: 'ms', says: '≤ 40 ms', figure: own(), most: 40 },
  { case: 'kept-1m', unit: 'ms to first page', says: '≤ 5 s', figure: own(), most: 5_000 },
  ...Object.entries({
    'gauges-10000': 10,
    'attributes-10000': 6,
    'forward-10000': 4,
    'forward-100': 5,
    'forward-batch-100': 4,
    'forward-stored-100': 4,
    'file-10000': 2,
    'histograms-10000': 8,
    'gauges-100': 8,
    'histograms-100': 7,
    'gauges-100-gzip': 6,
    'gauges-100-grpc': 5,
    'gauges-100-at-1m': 8,
  }).map(([name, least]) => ({
    case: name,
    unit: 'CPU ns/point',
    says: `≥ ${least}× the Collector`,
    figure: times('otelcol'),
    least,
  })),
  { case: 'memory-1m', unit: 'RSS B/series', says: '≤ 1,024 bytes a series', figure: own(), most: 1_024 },
  { case: 'memory-1m', unit: 'RSS B/series', says: '≤ ⅓ of the Collector', figure: times('otelcol'), least: 3 },
];

export function judge(row: Row): readonly Verdict[] {
  return aims.flatMap(({ case: name, of, unit, says, figure, least, most, condition = false }) => {
    const found = name === row.case && unit === row.unit ? figure(row) : undefined;
    if (found === undefined) return [];
    const reached = found >= (least ?? Number.NEGATIVE_INFINITY) && found <= (most ?? Number.POSITIVE_INFINITY);
    const word = condition ? 'condition' : 'aim';
    const text = `${word} ${says}: ${shown(found)}${least === undefined ? '' : '×'}, ${reached ? 'reached' : 'NOT reached'}`;
    return [{ case: name, of, aim: says, figure: found, reached, condition, text, slack: least === undefined ? -found : found }];
  });
}

/** One verdict for each aim that several cases share: that on the worst of them. */
export function worst(verdicts: readonly Verdict[]): readonly Verdict[] {
  const least = new Map<string, Verdict>();
  for (const one of verdicts) {
    const key = `${one.of ?? one.case} ${one.aim}`;
    const known = least.get(key);
    if (known === undefined || one.slack < known.slack) least.set(key, one);
  }
  return [...least.values()];
}
