/** Drafts a contract from an exposition, so that the same series come out. */
import { type Contract, contract, lint } from '../../contract/index.ts';
import { type ParsedFamily, type ParseProblem, parseExposition } from '../../exposition/index.ts';
import { instrumentFor } from '../../naming/index.ts';
import { promClientNames } from '../../runtime-metrics/prom-client-names.ts';
import { type Context, type DraftedMetric, declareFamily } from './declare-family.ts';
import { constantLabels } from './labels.ts';
import { comment, printMetric, quoted } from './print.ts';

export interface DraftOptions {
  /** The contract's name. Default: the word with which most series begin, or `app`. */
  readonly name?: string | undefined;
  /** What the exposition is called in the draft. */
  readonly source: string;
}

export type Draft = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problems: readonly ParseProblem[] };

interface Named {
  readonly family: ParsedFamily;
  /** In text 0.0.4. */
  readonly series: string;
}

const defaultSeries = new Set(Object.values(promClientNames.metrics).map(({ series }) => series));

/** @param text an exposition in text 0.0.4, or in OpenMetrics, which ends with `# EOF` */
export function draftContract(text: string, { name, source }: DraftOptions): Draft {
  const isOpenMetrics = /^# EOF\n?$/m.test(text.slice(-10));
  const parsed = parseExposition(text, isOpenMetrics ? 'openmetrics' : 'text');
  if (!parsed.ok) return parsed;
  const all = parsed.families.map((family) => ({ family, series: seriesOf(family, isOpenMetrics) }));
  const own = all.filter(({ series }) => !defaultSeries.has(series));
  const isRuntimeLeftOut = own.length < all.length;
  const constant = constantLabels(parsed.families);
  const context = { name: name ?? nameFor(own), constant, names: new Set(all.map(({ series }) => series)) };
  const { metrics, left } = declareAll(own, context);
  return { ok: true, text: write({ context, metrics, left, source, isRuntimeLeftOut }) };
}

function seriesOf({ name, kind }: ParsedFamily, isOpenMetrics: boolean): string {
  return isOpenMetrics && kind === 'counter' ? `${name}_total` : name;
}

/** The first word of more than half of the series. */
function nameFor(all: readonly Named[]): string {
  const counts = new Map<string, number>();
  for (const { series } of all) {
    const [word = ''] = /^[a-zA-Z][a-zA-Z0-9]*(?=_)/.exec(series) ?? [];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [most = '', count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return most !== '' && count * 2 > all.length ? most : 'app';
}

interface Declarations {
  readonly metrics: ReadonlyMap<string, DraftedMetric>;
  /** Reasons by series. */
  readonly left: ReadonlyMap<string, string>;
}

function declareAll(all: readonly Named[], context: Context): Declarations {
  const metrics = new Map<string, DraftedMetric>();
  const left = new Map<string, string>();
  const series = new Map<string, string>();
  for (const one of all) {
    const key = keyFor(one.series, one.family, context.name, metrics);
    const declared = declareFamily(one.family, one.series, key, context);
    if (typeof declared === 'string') left.set(one.series, declared);
    else {
      metrics.set(key, declared);
      series.set(key, one.series);
    }
  }
  // Each is a contract alone; together they may have a name twice.
  if (typeof together(metrics, context) !== 'string') return { metrics, left };
  const fitting = new Map<string, DraftedMetric>();
  for (const [key, declared] of metrics) {
    const problem = together(new Map([...fitting, [key, declared]]), context);
    if (typeof problem === 'string') left.set(series.get(key) as string, problem);
    else fitting.set(key, declared);
  }
  return { metrics: fitting, left };
}

/** The contract, or why it is none. */
function together(metrics: ReadonlyMap<string, DraftedMetric>, { name, constant }: Context): Contract | string {
  try {
    return contract(name, Object.fromEntries(metrics), { constantLabels: constant }) as Contract;
  } catch (error) {
    return (error as Error).message;
  }
}

/** `http_wait_seconds` → `httpWait`: without the contract's name, and the unit's word. */
function keyFor(series: string, { kind }: ParsedFamily, name: string, taken: ReadonlyMap<string, unknown>): string {
  const bare = (instrumentFor(series, kind)?.name ?? series.replace(/_total$/, '')).replaceAll('.', '_');
  const words = (bare.startsWith(`${name}_`) ? bare.slice(name.length + 1) : bare).split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  const key = /^[a-zA-Z]/.test(joined) ? joined : `m${joined}`;
  for (let again = 2; ; again++) {
    const tried = again === 2 ? key : `${key}${again - 1}`;
    if (!taken.has(tried)) return tried;
  }
}

interface Written extends Declarations {
  readonly context: Context;
  readonly source: string;
  readonly isRuntimeLeftOut: boolean;
}

function write({ context, metrics, left, source, isRuntimeLeftOut }: Written): string {
  const body = [...metrics].map(([key, metric]) => printMetric(key, metric)).join('');
  const uses = ['capped', 'contract', 'counter', 'gauge', 'histogram', 'identity', 'info', 'oneOf', 'summary'].filter(
    (builder) => builder === 'contract' || new RegExp(`\\b${builder}\\(`).test(body),
  );
  const notes = [
    `Drafted from ${source}. Look through it:`,
    '- oneOf lists the values that were seen. Others are rejected: add them, or use capped.',
    '- Everything is recorded. Add `observed: true` to what a collect() function works out, and give it to observe().',
    ...(isRuntimeLeftOut
      ? ["- Default metrics of prom-client are left out: runtimeMetrics(bridge, { names: 'prom-client' }) shows them."]
      : []),
    ...(left.size > 0
      ? ['- What has no counterpart is at the end, with the reason. prom-client can go on showing it: fromPromClient.']
      : []),
  ];
  return [
    notes.map(comment).join(''),
    `import { ${uses.join(', ')} } from 'meterbridge';\n\n`,
    `export default contract(${quoted(context.name)}, {\n${body}}${options(context, metrics)});\n`,
    left.size === 0 ? '' : `\n${[...left].map(([series, reason]) => comment(`${series}: ${reason}`)).join('')}`,
  ].join('');
}

function options(context: Context, metrics: ReadonlyMap<string, DraftedMetric>): string {
  const drafted = together(metrics, context) as Contract;
  const found = new Map<string, string[]>();
  for (const { series, id } of lint(drafted)) found.set(series, [...(found.get(series) ?? []), id]);
  const lines = [
    ...(Object.keys(context.constant).length === 0 ? [] : [`  constantLabels: ${record(context.constant, quoted)},\n`]),
    ...(found.size === 0 ? [] : [`  accepts: ${record(Object.fromEntries(found), (ids) => `[${ids.map(quoted).join(', ')}]`)},\n`]),
  ];
  return lines.length === 0 ? '' : `, {\n${lines.join('')}}`;
}

function record<T>(values: Readonly<Record<string, T>>, print: (value: T) => string): string {
  const entries = Object.entries(values).map(([key, value]) => `    ${quoted(key)}: ${print(value)},\n`);
  return `{\n${entries.join('')}  }`;
}
