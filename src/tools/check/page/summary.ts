/** Samples as they come, summarised by family in bounded memory. */
import type { Kind } from '../../../core/naming/index.ts';
import type { FamilyInfo, ParsedSample } from '../../../formats/exposition/index.ts';
import { detached } from '../../../formats/exposition/parse/detached.ts';
import { createFingerprintSet, hashed, hashSeries } from '../../../formats/exposition/parse/fingerprints.ts';
import { countLabel, createLabelTally, createRoom, type LabelTally, observedLabels } from '../distinct.ts';
import type { Observed, ObservedFamily, ObservedFormat } from '../observed.ts';

/** More of a family are not told apart: each sample counts as a series. */
const mostSeries = 1_000_000;
/** As many as the parser compares by name. The rest are read and left out of the summary. */
const mostFamilies = 100_000;
const mostLabels = 1_000;
const mostBoundLists = 10;
const mostQuantiles = 100;

interface Building {
  name: string;
  kind: Kind;
  typed: boolean;
  help: string | undefined;
  unit: string | undefined;
  line: number | undefined;
  series: number;
  readonly labels: Map<string, LabelTally>;
  readonly bounds: (readonly number[])[];
  readonly quantiles: Set<number>;
  native: boolean;
  starts: number;
  ones: number;
}

export interface Summary {
  sample(sample: ParsedSample, family: FamilyInfo, line: number): void;
  family(family: FamilyInfo): void;
  /** @param bytes read in all */
  end(samples: number, bytes: number): Observed;
}

export function createSummary(source: string, format: Exclude<ObservedFormat, 'otlp'>): Summary {
  const families = new Map<string, Building>();
  const seen = createFingerprintSet(mostSeries);
  let open: Building | undefined;
  /** The parser's name of `open`. */
  let openName: string | undefined;
  const room = createRoom();
  let bounds: number[] = [];
  let point1 = 0;
  let point2 = 0;

  function sample(read: ParsedSample, info: FamilyInfo, line: number): void {
    const family = open !== undefined && openName === info.name ? open : begin(info, line, read.name);
    const own = ownLabelOf(family.kind);
    hashSeries(read.labels, own);
    const { shared1, shared2 } = hashed;
    if (own === 'le') bucketOf(family, read, shared1, shared2);
    const isStart = format === 'openmetrics' && startKinds.has(family.kind) && read.name.endsWith('_created');
    if (isStart) family.starts++;
    if (read.histogram !== undefined) family.native = true;
    if (own === 'quantile' && family.quantiles.size < mostQuantiles) {
      const quantile = read.labels.find(([name]) => name === 'quantile')?.[1];
      if (quantile !== undefined && !Number.isNaN(Number(quantile))) family.quantiles.add(Number(quantile));
    }
    if (seen.add(shared1, shared2) === false) return;
    family.series++;
    if (read.value === 1) family.ones++;
    if (read.start !== undefined) family.starts++;
    for (const pair of read.labels) if (pair[0] !== own) label(family, pair);
  }

  /** @param sample the name of its first one, if it has any */
  function begin(info: FamilyInfo, line: number | undefined, sample?: string): Building {
    close();
    const kind = info.kind ?? 'unknown';
    const name = textName(info.name, kind, format, sample);
    const known = families.get(name);
    open = known ?? {
      name: detached(name),
      kind,
      typed: false,
      help: undefined,
      unit: undefined,
      line: format === 'protobuf' ? undefined : line,
      series: 0,
      labels: new Map(),
      bounds: [],
      quantiles: new Set(),
      native: false,
      starts: 0,
      ones: 0,
    };
    openName = info.name;
    if (known === undefined && families.size < mostFamilies) families.set(open.name, open);
    return open;
  }

  function label(family: Building, pair: readonly [string, string]): void {
    const [name, value] = pair;
    let found = family.labels.get(name);
    if (found === undefined) {
      if (family.labels.size === mostLabels) return;
      found = createLabelTally(room);
      family.labels.set(detached(name), found);
    }
    countLabel(found, value);
  }

  function bucketOf(family: Building, read: ParsedSample, first: number, second: number): void {
    if (first !== point1 || second !== point2) {
      keepBounds(family);
      point1 = first;
      point2 = second;
    }
    if (!read.name.endsWith('_bucket')) return;
    const bound = Number(read.labels.find(([name]) => name === 'le')?.[1] ?? Number.NaN);
    if (Number.isFinite(bound)) bounds.push(bound);
  }

  function keepBounds(family: Building): void {
    if (bounds.length === 0) return;
    const list = bounds;
    bounds = [];
    if (family.bounds.length < mostBoundLists && !family.bounds.some((known) => same(known, list))) family.bounds.push(list);
  }

  function close(): void {
    if (open === undefined) return;
    keepBounds(open);
    seen.clear();
    point1 = 0;
    point2 = 0;
    open = undefined;
    openName = undefined;
  }

  function family(info: FamilyInfo): void {
    const building = open !== undefined && openName === info.name ? open : begin(info, undefined);
    building.typed ||= info.typed;
    building.help ??= info.help === undefined ? undefined : detached(info.help);
    building.unit ??= info.unit === undefined ? undefined : detached(info.unit);
    close();
  }

  return {
    sample,
    family,
    end(samples, bytes) {
      close();
      return {
        source,
        format,
        families: new Map([...families].map(([name, building]) => [name, finished(building)])),
        samples,
        bytes,
      };
    },
  };
}

const startKinds: ReadonlySet<Kind> = new Set<Kind>(['counter', 'histogram', 'summary']);

function ownLabelOf(kind: Kind): 'le' | 'quantile' | undefined {
  if (kind === 'histogram' || kind === 'gaugehistogram') return 'le';
  return kind === 'summary' ? 'quantile' : undefined;
}

/**
 * The family's name in text 0.0.4. In OpenMetrics the families of counters and infos lack the suffix; a counter whose TYPE line
 * has it is stored as written.
 */
function textName(name: string, kind: Kind, format: ObservedFormat, sample: string | undefined): string {
  if (format !== 'openmetrics') return name;
  if (kind === 'counter') return sample === name ? name : `${name}_total`;
  return kind === 'info' ? `${name}_info` : name;
}

function same(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

function finished(building: Building): ObservedFamily {
  return { ...building, labels: observedLabels(building.labels), quantiles: [...building.quantiles].sort((a, b) => a - b) };
}
