/** A row's labels as the text between the braces. */
import { labelName, labelPairs, type Pair } from '../../naming/index.ts';
import { decodeValue } from '../../otlp/any-value.ts';
import type { FamilySpec, FamilyView, LabelValue, RowLabels } from '../../store/index.ts';
import { escapeLabelValue } from './escape.ts';
import { scopeLabels } from './scope-labels.ts';

export interface LabelText {
  /** `task="backup",kind="task"`; `''` for none. */
  readonly text: string;
  /** Orders rows by their values. */
  readonly sortKey: string;
  /** Another row of the family may get the same text: a name was changed, or a value was no string. */
  readonly ambiguous: boolean;
}

/** Names that the label rules leave as they are, whichever rules, and `_`. */
const plainName = /^(?=[a-zA-Z_])_?(?:[a-zA-Z0-9]+_)*[a-zA-Z0-9]*$/;

function isPlainLabel(name: string): boolean {
  return plainName.test(name);
}

/** The label rules leave the name as it is, and the format has no meaning for it. */
export function isOwnLabel(name: string, spec: FamilySpec): boolean {
  return isPlainLabel(name) && !reservedLabels(spec).includes(name);
}

/** Writes the labels of a family's rows in their order, and then those of the scope. */
export function createLabeller(family: Pick<FamilyView, 'spec' | 'source'>): (labels: RowLabels) => LabelText {
  const { spec } = family;
  const scope = scopeLabels(family);
  const ofScope = textOf(scope);
  const reserved = new Set([...reservedLabels(spec), ...scope.map(([name]) => name)]);
  const isPlain = (name: string) => isPlainLabel(name) && !reserved.has(name);

  return function labelText({ names, values }: RowLabels): LabelText {
    const plain = names.every(isPlain);
    const written = names.map((name, at): Pair => [plain ? name : legalName(name, reserved), valueText(values[at] ?? '')]);
    const pairs = plain ? written : labelPairs(written);
    return {
      text: [textOf(pairs), ofScope].filter((part) => part !== '').join(','),
      sortKey: pairs.map(([, value]) => value).join('\0'),
      ambiguous: !plain || values.some((value) => typeof value !== 'string'),
    };
  };
}

function textOf(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(',');
}

/** JSON-like, as the OpenTelemetry specification wants attribute values that are no strings. */
function valueText(value: LabelValue): string {
  if (typeof value === 'string') return value;
  const decoded = decodeValue(value) ?? '';
  return Array.isArray(decoded) ? JSON.stringify(decoded) : String(decoded);
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
