/** A draft as a module in TypeScript. */

import type { ConstantLabel } from '../../../core/contract/index.ts';
import { escapedMarks } from '../../../core/errors/visible.ts';
import { type Accepts, type Context, documentOf } from './drafted.ts';
import type { Inferred } from './infer.ts';
import { marksOf, valuesOf } from './marks.ts';
import { builderOf, comment, printMetric, quoted } from './print.ts';

export interface WriteOptions {
  /** What the draft was made from. */
  readonly source: string;
  /**
   * The program has prom-client: what is left over can stay with it. Default: false, and each metric has comments on what is
   * unknown.
   */
  readonly promClient?: boolean;
}

const builders = [
  'capped',
  'contract',
  'counter',
  'gauge',
  'histogram',
  'identity',
  'info',
  'oneOf',
  'parameter',
  'summary',
  'upDownCounter',
];

export function writeTypeScript(inferred: Inferred, { source, promClient = false }: WriteOptions): string {
  const { context, metrics, left, seen } = inferred;
  const head = notes(inferred, source, promClient).map(comment).join('');
  const rest = left.size === 0 ? '' : `\n${[...left].map(([series, reason]) => comment(`${series}: ${reason}`)).join('')}`;
  if (context.language === 'json') return `${head}import { fromJson } from 'meterbridge';\n\n${asData(inferred)}${rest}`;
  const body = [...metrics].map(([key, metric]) => {
    const family = seen.get(key);
    return printMetric(key, metric, family === undefined ? [] : (promClient ? valuesOf : marksOf)(metric, family));
  });
  const kinds = new Set([...metrics.values()].map(({ kind }) => builderOf(kind)));
  const labels = new Set(
    [...metrics.values()].flatMap(({ declaration }) => Object.values(declaration.labels ?? {}).map(({ kind }) => kind)),
  );
  const hasParameter = Object.values(context.constant).some((label) => typeof label !== 'string');
  const used = (name: string) =>
    name === 'contract' ||
    (name === 'parameter' && hasParameter) ||
    kinds.has(name) ||
    labels.has((name === 'oneOf' ? 'closed' : name) as 'closed' | 'capped' | 'identity');
  return [
    head,
    `import { ${builders.filter(used).join(', ')} } from 'meterbridge';\n\n`,
    `export default contract(${quoted(context.name)}, {\n${body.join('')}}${options(context, inferred.accepts)});\n`,
    rest,
  ].join('');
}

/** What only programs of others have, no builder declares. */
function asData({ context, metrics, seen, accepts }: Inferred): string {
  const { metrics: all, ...own } = documentOf(metrics, context, accepts);
  const printed = (value: unknown, indent: string) =>
    escapedMarks(JSON.stringify(value, undefined, 2)).replaceAll('\n', `\n${indent}`);
  const options = Object.entries(own).map(([key, value]) => `  ${key}: ${printed(value, '  ')},\n`);
  const body = Object.entries(all).map(([key, value]) => {
    const [metric, family] = [metrics.get(key), seen.get(key)];
    const marks = metric === undefined || family === undefined ? [] : marksOf(metric, family);
    return `${marks.map((mark) => `    ${comment(mark)}`).join('')}    ${key}: ${printed(value, '    ')},\n`;
  });
  return `export default fromJson({\n${options.join('')}  metrics: {\n${body.join('')}  },\n});\n`;
}

function notes({ context, left, isRuntimeLeftOut }: Inferred, source: string, promClient: boolean): readonly string[] {
  const runtime = "- Default metrics of prom-client are left out: runtimeMetrics(bridge, { names: 'prom-client' }) shows them.";
  const rest = promClient
    ? 'What has no counterpart is at the end, with the reason. prom-client can go on showing it: fromPromClient.'
    : 'What is left out is at the end, with the reason.';
  const isData = context.language === 'json';
  return [
    `Drafted from ${source}. Look through it:`,
    ...(isData
      ? [
          '- It has types that only programs of others have, so it is data to check them by, without builders to record with.',
          '- A label takes any value up to its limit. Use kind "closed" with the values that are listed where there can be no others.',
        ]
      : [
          '- A label takes any value up to its limit. Use oneOf with the values that are listed where there can be no others.',
          '- Everything is recorded. Add `observed: true` to what a collect() function works out, and give it to observe().',
        ]),
    ...(promClient
      ? []
      : ['- Unknown: which metrics may be absent (omitEmpty, zeroFilled), and what several processes make of a gauge (across).']),
    ...(isRuntimeLeftOut ? [runtime] : []),
    ...(left.size > 0 ? [`- ${rest}`] : []),
  ];
}

function options({ constant }: Context, accepts: Accepts): string {
  const lines = [
    ...(Object.keys(constant).length === 0 ? [] : [`  constantLabels: ${record(constant, printConstant)},\n`]),
    ...(Object.keys(accepts).length === 0
      ? []
      : [`  accepts: ${record(accepts, (ids) => `[${ids.map(quoted).join(', ')}]`)},\n`]),
  ];
  return lines.length === 0 ? '' : `, {\n${lines.join('')}}`;
}

function printConstant(label: ConstantLabel): string {
  return typeof label === 'string' ? quoted(label) : `parameter(${label.value === undefined ? '' : quoted(label.value)})`;
}

function record<T>(values: Readonly<Record<string, T>>, print: (value: T) => string): string {
  const entries = Object.entries(values).map(([key, value]) => `    ${quoted(key)}: ${print(value)},\n`);
  return `{\n${entries.join('')}  }`;
}
