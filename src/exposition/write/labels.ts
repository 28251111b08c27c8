/** A row's labels as the text between the braces. */
import { labelName, labelPairs, type Pair } from '../../naming/index.ts';
import { decodeValue } from '../../otlp/any-value.ts';
import type { FamilySpec, FamilyView, LabelValue, RowLabels } from '../../store/index.ts';
import { escapeLabelValue } from './escape.ts';
import { scopeLabels } from './scope-labels.ts';

export interface LabelText {
  /** `task="backup",kind="task"`; `''` for none. */
  readonly text: string;
  /** Another row of the family may get the same text: a name was changed, or a value was no string. */
  readonly ambiguous: boolean;
}

/** Names that the label rules leave as they are, whichever rules, and `_`. */
const plainName = /^(?=[a-zA-Z_])_?(?:[a-zA-Z0-9]+_)*[a-zA-Z0-9]*$/;

/** Every name that is legal in the formats. */
const legalLabel = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

function isPlainLabel(name: string, { exposed }: FamilySpec): boolean {
  return (exposed === undefined ? plainName : legalLabel).test(name);
}

/** The label rules leave the name as it is, and the format has no meaning for it. */
export function isOwnLabel(name: string, spec: FamilySpec): boolean {
  return isPlainLabel(name, spec) && !reservedLabels(spec).includes(name);
}

export interface Labeller {
  /** Writes a row's labels in their order, and then those of the scope. */
  textOf(labels: RowLabels): LabelText;
  /** Orders rows by their values. */
  sortKeyOf(labels: RowLabels): string;
}

export function createLabeller(family: Pick<FamilyView, 'spec' | 'source'>): Labeller {
  const { spec } = family;
  const scope = scopeLabels(family);
  const ofScope = textOf(scope);
  const reserved = new Set([...reservedLabels(spec), ...scope.map(([name]) => name)]);
  /** The names of a family's rows are mostly the same object. */
  let lastNames: readonly string[] = [];
  let lastArePlain = true;

  function arePlain(names: readonly string[]): boolean {
    if (names === lastNames) return lastArePlain;
    lastNames = names;
    lastArePlain = names.every((name) => isPlainLabel(name, spec) && !reserved.has(name));
    return lastArePlain;
  }

  function pairsOf({ names, values }: RowLabels): readonly Pair[] {
    const plain = arePlain(names);
    const pairs = names.map((name, at): Pair => [plain ? name : legalName(name, reserved), valueText(values[at] ?? '')]);
    return plain ? pairs : labelPairs(pairs);
  }

  return {
    textOf(labels) {
      return {
        text: [textOf(pairsOf(labels)), ofScope].filter((part) => part !== '').join(','),
        ambiguous: !arePlain(labels.names) || labels.values.some((value) => typeof value !== 'string'),
      };
    },
    sortKeyOf(labels) {
      const values = arePlain(labels.names) ? labels.values.map(valueText) : pairsOf(labels).map(([, value]) => value);
      return values.join('\0');
    },
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
