/**
 * Two pages of one endpoint, one some seconds after the other: totals that fall, series that come and go, start times that move.
 */

import { shown } from '../../../core/errors/shown.ts';
import type { Kind } from '../../../core/naming/index.ts';
import type { FamilyInfo, ParsedSample } from '../../../formats/exposition/index.ts';
import { hashed, hashSample, hashSeries } from '../../../formats/exposition/parse/fingerprints.ts';
import type { CheckFinding } from '../finding.ts';
import type { PageFormat } from '../page/protocol.ts';
import type { PageObserver } from '../page/read-page.ts';
import { found, type LintId } from './catalogue.ts';
import { createSeriesNumbers } from './totals.ts';

const mostSeries = 1_000_000;
/** Of a family whose falls wait for the start times behind them. */
const mostFalls = 1_000;

export interface Twice {
  /** Reads the earlier page. */
  readonly first: PageObserver;
  /** Reads the later one, behind it. */
  readonly second: PageObserver;
  /** Once both are read. */
  findings(): readonly CheckFinding[];
}

/** A family's changes. Series are shown by one example. */
interface Changes {
  readonly name: string;
  readonly isTotal: boolean;
  line: number | undefined;
  before: number;
  still: number;
  come: number;
  comeWithoutStart: number;
  newcomer: string | undefined;
  fell: number;
  fall: string | undefined;
  reset: number;
  restart: string | undefined;
  moved: number;
  move: string | undefined;
}

interface Fall {
  readonly series: number;
  readonly text: string;
}

const totals: ReadonlySet<Kind> = new Set<Kind>(['counter', 'histogram', 'summary']);

/** @param source as findings have it */
export function createTwice(source: string, format: PageFormat): Twice {
  const values = createSeriesNumbers(mostSeries);
  const starts = createSeriesNumbers(mostSeries);
  const families = new Map<string, Changes>();
  let isFull = false;
  let isSecond = false;
  /** Of the family that is being read. */
  let falls: Fall[] = [];
  let moved = new Map<number, string>();
  let started = new Set<number>();
  let newcomers: Fall[] = [];

  function changesOf({ name, kind = 'unknown' }: FamilyInfo, line: number | undefined): Changes {
    const shownName = format === 'openmetrics' && kind === 'counter' ? `${name}_total` : name;
    let changes = families.get(shownName);
    if (changes === undefined) {
      const none = { newcomer: undefined, fall: undefined, restart: undefined, move: undefined };
      const zero = { before: 0, still: 0, come: 0, comeWithoutStart: 0, fell: 0, reset: 0, moved: 0 };
      changes = { name: shownName, isTotal: totals.has(kind), line, ...zero, ...none };
      families.set(shownName, changes);
    }
    if (isSecond && format !== 'protobuf') changes.line ??= line;
    return changes;
  }

  /** `hashed` has the sample's series and, without its name and the labels of its kind, its label set. */
  function hash(sample: ParsedSample, kind: Kind | undefined): number {
    hashSeries(sample.labels, kind === 'histogram' ? 'le' : kind === 'summary' ? 'quantile' : undefined);
    const set = hashed.shared1 * 0x20_0000 + (hashed.shared2 >>> 11);
    hashSample(sample.name, undefined);
    return set;
  }

  function isStart(sample: ParsedSample, kind: Kind | undefined): boolean {
    return format === 'openmetrics' && totals.has(kind ?? 'unknown') && sample.name.endsWith('_created');
  }

  const first: PageObserver = {
    sample(sample, family) {
      const changes = changesOf(family, undefined);
      hash(sample, family.kind);
      const { all1, all2 } = hashed;
      if (isStart(sample, family.kind)) starts.set(all1, all2, sample.value);
      else {
        const isNew = values.get(all1, all2) === undefined;
        if (!values.set(all1, all2, numberOf(sample))) isFull = true;
        else if (isNew) changes.before++;
        if (sample.start !== undefined) starts.set(all1, all2, sample.start);
      }
    },
  };

  function start(set: number, sample: ParsedSample, value: number): void {
    const before = starts.get(hashed.all1, hashed.all2);
    started.add(set);
    if (before !== undefined && value !== before) moved.set(set, `${seriesOf(sample)}: ${before}, then ${value}`);
  }

  const second: PageObserver = {
    sample(sample, family, line) {
      isSecond = true;
      const changes = changesOf(family, line);
      const set = hash(sample, family.kind);
      if (isStart(sample, family.kind)) {
        start(set, sample, sample.value);
        return;
      }
      if (sample.start !== undefined) start(set, sample, sample.start);
      const before = values.get(hashed.all1, hashed.all2);
      if (before === undefined) {
        if (isFull) return;
        changes.come++;
        changes.newcomer ??= seriesOf(sample);
        if (newcomers.length < mostFalls) newcomers.push({ series: set, text: seriesOf(sample) });
        return;
      }
      changes.still++;
      if (!isTotalOf(sample, family) || !(numberOf(sample) < before)) return;
      if (falls.length < mostFalls) falls.push({ series: set, text: `${seriesOf(sample)}: ${before}, then ${numberOf(sample)}` });
      else changes.fell++;
    },
    family(family) {
      const changes = changesOf(family, undefined);
      for (const { series, text } of falls) {
        if (moved.has(series)) {
          changes.reset++;
          changes.restart ??= text;
        } else {
          changes.fell++;
          changes.fall ??= text;
        }
      }
      const fallen = new Set(falls.map(({ series }) => series));
      for (const [series, text] of moved) {
        if (fallen.has(series)) continue;
        changes.moved++;
        changes.move ??= text;
      }
      changes.comeWithoutStart += changes.isTotal ? newcomers.filter(({ series }) => !started.has(series)).length : 0;
      falls = [];
      moved = new Map();
      started = new Set();
      newcomers = [];
    },
  };

  return {
    first,
    second,
    findings: () => [
      ...[...families.values()].flatMap((changes) => findingsOf(changes, source, format)),
      ...(isFull ? [found('series-not-compared', { source, got: 'more series' })] : []),
    ],
  };
}

function findingsOf(changes: Changes, source: string, format: PageFormat): readonly CheckFinding[] {
  const { name, line, isTotal } = changes;
  const list: CheckFinding[] = [];
  const say = (id: LintId, got: string): void =>
    void list.push(found(id, { source, family: name, ...(line !== undefined && { line }), got }));
  if (changes.fell > 0) say('total-fell', `${changes.fell} in ${name}, such as ${changes.fall}`);
  if (changes.reset > 0) say('total-reset', `${changes.reset} in ${name}, such as ${changes.restart}`);
  if (changes.moved > 0) say('start-moved', `${changes.moved} in ${name}, such as ${changes.move}`);
  const gone = changes.before - changes.still;
  if (gone > 0 && isTotal) say('series-gone', `${gone} of ${changes.before} samples of ${name} are gone`);
  else if (gone > 0) say('series-changed', `${gone} of ${changes.before} samples of ${name} are gone`);
  if (changes.come > 0 && !isTotal)
    say('series-changed', `${changes.come} samples of ${name} are new, such as ${changes.newcomer}`);
  // Text 0.0.4 has no start times.
  if (format !== 'text' && changes.comeWithoutStart > 0) {
    say('new-without-start', `${changes.comeWithoutStart} samples of ${name} are new, such as ${changes.newcomer}`);
  }
  return list;
}

/** A sum may fall where what is observed may be negative. */
function isTotalOf({ name, histogram }: ParsedSample, family: FamilyInfo): boolean {
  if (family.kind === 'counter') return true;
  if (family.kind !== 'histogram' && family.kind !== 'summary') return false;
  return histogram !== undefined || name.endsWith('_count') || (family.kind === 'histogram' && name.endsWith('_bucket'));
}

function numberOf({ value, histogram }: ParsedSample): number {
  return histogram === undefined ? value : histogram.count;
}

function seriesOf({ name, labels }: ParsedSample): string {
  return shown(`${name}{${labels.map(([key, value]) => `${key}="${value}"`).join(',')}}`, 200)
    .slice(1, -1)
    .replaceAll('\\"', '"');
}
