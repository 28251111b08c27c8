/** Declarations as TypeScript. Everything that comes from an exposition is a literal or a comment of one line. */
import type { Label } from '../../../core/contract/index.ts';
import { escapedMarks, visible } from '../../../core/errors/visible.ts';
import type { Kind } from '../../../core/naming/index.ts';
import type { DraftedMetric } from './drafted.ts';

const defaultOther = 'other';
const defaultBytes = 256;

export function builderOf(kind: Kind): string {
  return kind === 'updowncounter' ? 'upDownCounter' : kind;
}

/** `marks`: what is to be looked at, one comment each. */
export function printMetric(key: string, { kind, declaration }: DraftedMetric, marks: readonly string[] = []): string {
  const { instrument, series, verbatim, unit, help, labels, bounds, exponential, zeroFilled } = declaration;
  const fields = [
    ...marks.map((mark) => comment(mark).trimEnd()),
    ...(instrument === undefined ? [] : [`instrument: ${quoted(instrument)},`]),
    ...(series === undefined ? [] : [`series: ${quoted(series)},`]),
    ...(verbatim === true ? ['verbatim: true,'] : []),
    ...(unit === undefined ? [] : [`unit: ${quoted(unit)},`]),
    `help: ${quoted(help)},`,
    ...(bounds === undefined ? [] : [`bounds: [${bounds.join(', ')}],`]),
    ...(exponential === undefined ? [] : ['exponential: {},']),
    ...(labels === undefined ? [] : [`labels: { ${Object.entries(labels).map(printLabel).join(', ')} },`]),
    ...(zeroFilled === undefined ? [] : [`zeroFilled: ${zeroFilled},`]),
  ];
  return `  ${key}: ${builderOf(kind)}({\n${fields.map((field) => `    ${field}\n`).join('')}  }),\n`;
}

function printLabel([name, label]: readonly [string, Label]): string {
  if (label.kind === 'closed') return `${name}: oneOf(${printValues(label.values)})`;
  const other = label.other === defaultOther ? '' : `, other: ${quoted(label.other)}`;
  const maxBytes = label.maxBytes === defaultBytes ? '' : `, maxBytes: ${label.maxBytes}`;
  const optional = label.optional ? ', optional: true' : '';
  return `${name}: ${label.kind}({ limit: ${label.limit}${other}${maxBytes}${optional} })`;
}

/** As a call passes them: 200, and not '200'. */
export function printValues(values: readonly string[]): string {
  const areNumbers = values.every((value) => /^(?:0|[1-9][0-9]{0,14})$/.test(value));
  const areFlags = values.every((value) => value === 'true' || value === 'false');
  return (areNumbers || areFlags ? values : values.map(quoted)).join(', ');
}

export function quoted(text: string): string {
  return `'${escapedMarks(JSON.stringify(text)).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

export function comment(text: string): string {
  return `// ${visible(text.replace(/[\s\p{Cc}]+/gu, ' ').trim())}\n`;
}
