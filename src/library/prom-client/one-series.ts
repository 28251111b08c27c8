/**
 * A registry tells an empty label from none, and Prometheus does not ("a label with an empty label value is considered equivalent
 * to a label that does not exist", "Data model"). No empty label is shown, and series that differ in nothing else are one.
 */
import { shown } from '../../core/errors/shown.ts';
import { latin1 } from '../../core/node/latin1.ts';
import { attributeBytes, plainAttributes, splitAttributes } from '../../formats/otlp/index.ts';
import { createSpellings, type Spellings, type TwoSpellings } from '../series/by-attributes/spellings.ts';
import { judgeDistribution, judgeNumber } from './judge.ts';
import type { Named } from './names.ts';
import type { Distribution, ReadFamily, ReadSeries } from './read-metric.ts';

/** @param line the same for each that is new of a metric */
export type OnRespelled = (count: number, line: string) => void;

/** Takes all that was read of a registry. */
export type JoinSeries = (named: readonly Named[]) => readonly Named[];

interface Joined extends Pick<ReadSeries, 'names' | 'values'> {
  /** Of its first spelling. */
  readonly key: string;
  value: ReadSeries['value'];
  /** The reading that it was last in, and there the place of its family among those of the metric. */
  reading: number;
  at: number;
}

/** A metric with an empty label. */
interface Metric {
  readonly spellings: Spellings<Joined>;
  /** New ones that nobody has told of. */
  readonly aliases: TwoSpellings[];
  /** The first that was told. */
  line: string | undefined;
}

/**
 * How many spellings are kept for each series of a metric: known ones cost a look-up. With more, all are entered, and counted,
 * again.
 */
const mostSpellings = 8;

/** Of the labels in a line. */
const mostShown = 60;

export function createJoinSeries(onRespelled: OnRespelled): JoinSeries {
  /** By name. */
  let known = new Map<string, Metric>();
  let reading = 0;

  /** @param named the families of one metric */
  function join(
    { spellings, aliases }: Metric,
    named: readonly Named[],
    tell: (both: TwoSpellings, read: ReadFamily) => void,
  ): readonly Named[] {
    const all = named.map(({ read }) => read.series.filter(({ wrong }) => wrong !== undefined));
    for (const [at, { read }] of named.entries()) {
      for (const series of read.series) {
        if (series.wrong !== undefined) continue;
        const identity = attributeBytes(series);
        const key = latin1(identity);
        const one =
          spellings.first(key) ?? spellings.aliased(key) ?? spellings.enter(key, identity, () => joinedOf(series, key, identity));
        const isFirst = one.reading !== reading;
        const adds = addsUp(read) && one.at === at;
        const both = aliases.pop();
        if (both !== undefined) tell(both, read);
        one.value = isFirst || !adds ? series.value : sumOf(one.value, series.value);
        [one.reading, one.at] = [reading, at];
      }
    }
    for (const one of [...spellings.all()]) {
      if (one.reading === reading) all[one.at]?.push(shownOf(one, (named[one.at] as Named).read));
      else spellings.remove(one.key);
    }
    return named.map((one, at) => ({ ...one, read: { ...one.read, series: all[at] ?? [] } }));
  }

  function joined(name: string, named: readonly Named[], now: Map<string, Metric>): readonly Named[] {
    const count = named.reduce((sum, { read }) => sum + read.series.length, 0);
    const before = known.get(name);
    const metric = before === undefined || before.spellings.size > mostSpellings * count ? openMetric(before?.line) : before;
    now.set(name, metric);
    let added = 0;
    const result = join(metric, named, (both, read) => {
      added++;
      metric.line ??= lineOf(read, both);
    });
    if (metric.line !== undefined && added > 0) onRespelled(added, metric.line);
    return result;
  }

  return (named) => {
    reading++;
    const now = new Map<string, Metric>();
    const metrics = [...Map.groupBy(named, ({ read }) => read.name)];
    const result = metrics.flatMap(([name, families]) => (families.some(hasEmpty) ? joined(name, families, now) : families));
    known = now;
    return result;
  };
}

function openMetric(line: string | undefined): Metric {
  const aliases: TwoSpellings[] = [];
  return { spellings: createSpellings<Joined>((both) => aliases.push(both)), aliases, line };
}

function hasEmpty({ read }: Named): boolean {
  return read.series.some(({ values }) => values.includes(''));
}

/** Without empty labels, in the registry's order. */
function joinedOf({ names, values, value }: ReadSeries, key: string, identity: Uint8Array): Joined {
  const there = new Set(splitAttributes(plainAttributes(identity)).names);
  const isThere = (_: unknown, at: number): boolean => there.has(names[at] as string);
  return { names: names.filter(isThere), values: values.filter(isThere), key, value, reading: 0, at: 0 };
}

/** A sum may be one that its kind cannot have. */
function shownOf({ names, values, value }: Joined, { kind }: ReadFamily): ReadSeries {
  const isNumber = kind === 'counter' || kind === 'gauge';
  return {
    names,
    values,
    value,
    wrong: isNumber ? judgeNumber(kind, value as number) : judgeDistribution(kind, value as Distribution),
  };
}

/** Neither levels nor quantiles do. */
function addsUp({ kind, points }: ReadFamily): boolean {
  return kind !== 'gauge' && (kind !== 'summary' || points.length === 0);
}

function sumOf(one: ReadSeries['value'], other: ReadSeries['value']): ReadSeries['value'] {
  if (typeof one === 'number' || typeof other === 'number') return (one as number) + (other as number);
  const parts = one.parts.map((part, at) => part + (other.parts[at] as number));
  return { count: one.count + other.count, sum: one.sum + other.sum, parts };
}

function lineOf(read: ReadFamily, both: TwoSpellings): string {
  const got = both.map((one) => shown(one, mostShown)).join(' and ');
  const histogram = read.kind === 'histogram' ? ' where their buckets are equal' : '';
  const what = addsUp(read) ? `the values of both add up${histogram}` : 'the last one of the registry is shown';
  const fix = 'leave the label out, or give it a value, wherever the metric is recorded';
  return `${read.name}: two sets of labels of the prom-client registry are one series: got ${got}; an empty label is none, so ${what}; further ones are only counted. Fix: ${fix}`;
}
