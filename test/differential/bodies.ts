/**
 * What of a body has to be the same: all its bytes, but for families that are excused, and for order where a format gives it no
 * meaning.
 */
import type { Format } from './case.ts';

export interface Leniency {
  /** As text and OpenMetrics name them. */
  readonly excusedFamilies: ReadonlySet<string>;
  /** `scope instrument`. */
  readonly excusedInstruments: ReadonlySet<string>;
  /**
   * Rows did not come and go as the series did, so that families that are not sorted may come in another order. No format gives
   * the order of series a meaning (OpenMetrics 1.0, "MetricFamily"; OTLP 1.x, `data_points`).
   */
  readonly mixed: boolean;
  /** Names of the families that text does not sort. */
  readonly unsorted: ReadonlySet<string>;
  /**
   * Names of families and instruments that no contract names. The SDK collects its meters in the order in which their callbacks
   * end, so that these may come in any order (after those of the contract).
   */
  readonly uncontracted: ReadonlySet<string>;
}

export function comparable(body: string, format: Format, leniency: Leniency): string {
  return format === 'otlp' ? comparableOtlp(body, leniency) : comparableText(body, leniency);
}

/** The SDK does not report what it refuses of instruments outside the contracts. */
const refusedOutside = 'uncontracted';

function comparableText(body: string, { excusedFamilies, mixed, unsorted, uncontracted }: Leniency): string {
  return blocksOf(body.replace(new RegExp(`^.*\\{metric="${refusedOutside}".*\n`, 'gm'), ''))
    .filter(({ name }) => !excusedFamilies.has(name))
    .map((block) => ({ ...block, at: uncontracted.has(block.name) ? block.name : '' }))
    .toSorted((a, b) => compareText(a.at, b.at))
    .map(({ name, lines }) => (mixed && unsorted.has(name) ? lines.toSorted() : lines).join('\n'))
    .join('\n');
}

interface Block {
  /** Empty for lines that belong to no family. */
  readonly name: string;
  readonly lines: string[];
}

function blocksOf(body: string): readonly Block[] {
  const blocks: Block[] = [{ name: '', lines: [] }];
  for (const line of body.split('\n')) {
    const [, named] = /^# (?:HELP|TYPE|UNIT) (\S+)/.exec(line) ?? [];
    const name = line === '' || line === '# EOF' ? '' : named;
    const last = blocks.at(-1) as Block;
    if (name === undefined || name === last.name) last.lines.push(line);
    else blocks.push({ name, lines: [line] });
  }
  return blocks;
}

interface Metric {
  readonly descriptor: { readonly name: string };
  readonly dataPointType: number;
  dataPoints: { readonly attributes?: { readonly metric?: unknown } }[];
}
interface Collected {
  readonly resourceMetrics: { scopeMetrics: { scope: { name: string }; metrics: Metric[] }[] };
}

function comparableOtlp(body: string, { excusedInstruments, mixed, uncontracted }: Leniency): string {
  const result = JSON.parse(body) as Collected;
  const placeOf = (metric: Metric) => (uncontracted.has(metric.descriptor.name) ? JSON.stringify(metric) : '');
  const scopes = result.resourceMetrics.scopeMetrics;
  for (const one of scopes) {
    for (const metric of one.metrics)
      metric.dataPoints = metric.dataPoints.filter(({ attributes }) => attributes?.metric !== refusedOutside);
    one.metrics = one.metrics.filter(
      ({ descriptor, dataPoints }) => dataPoints.length > 0 && !excusedInstruments.has(`${one.scope.name} ${descriptor.name}`),
    );
    if (mixed || uncontracted.size > 0)
      for (const { dataPoints } of one.metrics) dataPoints.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
    one.metrics.sort((a, b) => compareText(placeOf(a), placeOf(b)));
  }
  result.resourceMetrics.scopeMetrics = scopes
    .filter(({ metrics }) => metrics.length > 0)
    .sort((a, b) => compareText(a.scope.name, b.scope.name));
  return JSON.stringify(result);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
