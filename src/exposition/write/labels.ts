/** A row's attributes as the text between the braces. */
import { labelName, labelPairs, type Pair } from '../../naming/index.ts';
import { type AttributePair, decodeAttributes } from '../../otlp/attributes.ts';
import type { FamilySpec, FamilyView } from '../../store/index.ts';
import { escapeLabelValue } from './escape.ts';
import { scopeLabels } from './scope-labels.ts';

export interface RowLabels {
  /** `task="backup",kind="task"`; `''` for none. */
  readonly text: string;
  /** Orders rows by their values. */
  readonly sortKey: string;
  /** Another row of the family may come out under the same text: a name was changed, or a value was no string. */
  readonly ambiguous: boolean;
}

/** Names that the label rules leave as they are, whichever rules. */
const plainName = /^[a-zA-Z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)*$/;

export function isPlainLabel(name: string): boolean {
  return plainName.test(name);
}

/** Writes the labels of a family's rows: in the order of `spec.labels`, then the others sorted, then those of the scope. */
export function createLabeller(family: Pick<FamilyView, 'spec' | 'source'>): (identity: Uint8Array) => RowLabels {
  const { spec } = family;
  const scope = scopeLabels(family);
  const ofScope = textOf(scope);
  const reserved = new Set([...reservedLabels(spec), ...scope.map(([name]) => name)]);
  const isPlain = (name: string) => isPlainLabel(name) && !reserved.has(name);

  return function rowLabels(identity: Uint8Array): RowLabels {
    const attributes = ordered(decodeAttributes(identity), spec.labels);
    const plain = attributes.every(([name]) => isPlain(name));
    const values = attributes.map(([name, value]): Pair => [plain ? name : legalName(name, reserved), valueText(value)]);
    const pairs = plain ? values : labelPairs(values);
    return {
      text: [textOf(pairs), ofScope].filter((part) => part !== '').join(','),
      sortKey: pairs.map(([, value]) => value).join('\0'),
      ambiguous: !plain || attributes.some(([, value]) => typeof value !== 'string'),
    };
  };
}

function textOf(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(',');
}

/** `attributes` are sorted already. */
function ordered(attributes: readonly AttributePair[], labels: readonly string[]): readonly AttributePair[] {
  if (attributes.length < 2) return attributes;
  const first: AttributePair[] = [];
  for (const label of labels) {
    const pair = attributes.find(([name]) => name === label);
    if (pair !== undefined) first.push(pair);
  }
  return first.length === attributes.length ? first : [...first, ...attributes.filter(([name]) => !labels.includes(name))];
}

/** JSON-like, as the OpenTelemetry specification wants attribute values that are no strings. */
function valueText(value: AttributePair[1]): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** A label with a meaning of its own would make the line invalid: it gets the prefix that Prometheus uses for such clashes, `__x` one `_`. */
function legalName(name: string, reserved: ReadonlySet<string>): string {
  const label = labelName(name);
  if (label.startsWith('__')) return label.slice(1);
  return reserved.has(label) ? `exported_${label}` : name;
}

function reservedLabels(spec: FamilySpec): readonly string[] {
  if (spec.kind === 'histogram' || spec.kind === 'gaugehistogram') return ['le'];
  return spec.kind === 'summary' ? ['quantile'] : [];
}
