/** A draft as a module in TypeScript. */
import type { Accepts, Context } from './drafted.ts';
import type { Inferred } from './infer.ts';
import { marksOf } from './marks.ts';
import { builderOf, comment, printMetric, quoted } from './print.ts';

export interface WriteOptions {
  /** What the draft was made from. */
  readonly source: string;
  /** The program has prom-client: what is left over can stay with it. Default: false, and each metric has comments on what is unknown. */
  readonly promClient?: boolean;
}

const builders = ['capped', 'contract', 'counter', 'gauge', 'histogram', 'identity', 'info', 'oneOf', 'summary', 'upDownCounter'];

export function writeTypeScript(inferred: Inferred, { source, promClient = false }: WriteOptions): string {
  const { context, metrics, left, seen } = inferred;
  const body = [...metrics].map(([key, metric]) => {
    const family = seen.get(key);
    return printMetric(key, metric, promClient || family === undefined ? [] : marksOf(metric, family));
  });
  const kinds = new Set([...metrics.values()].map(({ kind }) => builderOf(kind)));
  const labels = new Set(
    [...metrics.values()].flatMap(({ declaration }) => Object.values(declaration.labels ?? {}).map(({ kind }) => kind)),
  );
  const used = (name: string) =>
    name === 'contract' || kinds.has(name) || labels.has((name === 'oneOf' ? 'closed' : name) as 'closed' | 'capped' | 'identity');
  return [
    notes(inferred, source, promClient).map(comment).join(''),
    `import { ${builders.filter(used).join(', ')} } from 'meterbridge';\n\n`,
    `export default contract(${quoted(context.name)}, {\n${body.join('')}}${options(context, inferred.accepts)});\n`,
    left.size === 0 ? '' : `\n${[...left].map(([series, reason]) => comment(`${series}: ${reason}`)).join('')}`,
  ].join('');
}

function notes({ left, isRuntimeLeftOut }: Inferred, source: string, promClient: boolean): readonly string[] {
  const runtime = "- Default metrics of prom-client are left out: runtimeMetrics(bridge, { names: 'prom-client' }) shows them.";
  const rest = promClient
    ? 'What has no counterpart is at the end, with the reason. prom-client can go on showing it: fromPromClient.'
    : 'What has no counterpart is at the end, with the reason. --format json can say more of programs that others wrote.';
  return [
    `Drafted from ${source}. Look through it:`,
    '- oneOf lists the values that were seen. Others are rejected: add them, or use capped.',
    '- Everything is recorded. Add `observed: true` to what a collect() function works out, and give it to observe().',
    ...(promClient
      ? []
      : ['- Unknown: which metrics may be absent (omitEmpty, zeroFilled), and what several processes make of a gauge (across).']),
    ...(isRuntimeLeftOut ? [runtime] : []),
    ...(left.size > 0 ? [`- ${rest}`] : []),
  ];
}

function options({ constant }: Context, accepts: Accepts): string {
  const lines = [
    ...(Object.keys(constant).length === 0 ? [] : [`  constantLabels: ${record(constant, quoted)},\n`]),
    ...(Object.keys(accepts).length === 0 ? [] : [`  accepts: ${record(accepts, (ids) => `[${ids.map(quoted).join(', ')}]`)},\n`]),
  ];
  return lines.length === 0 ? '' : `, {\n${lines.join('')}}`;
}

function record<T>(values: Readonly<Record<string, T>>, print: (value: T) => string): string {
  const entries = Object.entries(values).map(([key, value]) => `    ${quoted(key)}: ${print(value)},\n`);
  return `{\n${entries.join('')}  }`;
}
