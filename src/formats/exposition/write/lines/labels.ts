/** A row's labels as the text between the braces. */
import type { OnJoined, Pair } from '../../../../core/naming/index.ts';
import type { FamilySpec, FamilyView, RowLabels } from '../../../../core/store/index.ts';
import { labelTextOf } from '../../../otlp/value/labels.ts';
import { escapeLabelValue } from '../bytes/escape.ts';
import type { NameRules } from '../name-rules.ts';
import { scopeLabels } from './scope-labels.ts';

export interface LabelText {
  /** `task="backup",kind="task"`; `''` for none. */
  readonly text: string;
  /** What the text is made of, as protobuf has it. */
  readonly pairs: readonly Pair[];
  /** Another row of the family may get the same text: a name was changed, a value was no string, or an empty one was left out. */
  readonly ambiguous: boolean;
}

export interface Labeller {
  /** Writes a row's labels in their order, and then those of the scope. */
  textOf(labels: RowLabels): LabelText;
  /** Orders rows by their values; the states of one set, which OpenMetrics has together, by their state last. */
  sortKeyOf(labels: RowLabels): string;
}

const ignored: OnJoined = () => {};

/** `onJoined` is called for each row of which several attributes become one label. */
export function createLabeller(family: Pick<FamilyView, 'spec' | 'source'>, rules: NameRules, onJoined = ignored): Labeller {
  const { spec } = family;
  const scope = scopeLabels(family);
  /**
   * Of attributes that no contract names: Prometheus takes an empty label as none, so it is none. A contract's labels are all
   * there.
   */
  const omitsEmpty = spec.scopeLabels === true;
  const ofScope = textOf(scope);
  const reserved = new Set([...reservedLabels(spec), ...scope.map(([name]) => name)]);
  /** The names of a family's rows are mostly the same object. */
  let lastNames: readonly string[] = [];
  /** As they are written. */
  let lastLabels: readonly string[] = [];

  function arePlain(names: readonly string[]): boolean {
    if (names !== lastNames) {
      lastNames = names;
      lastLabels = names.flatMap((name) => rules.label(name, spec, reserved) ?? []);
    }
    return lastLabels.length === names.length;
  }

  function pairsOf({ names, values }: RowLabels): readonly Pair[] {
    const labels = arePlain(names) ? lastLabels : names;
    const all = labels.map((label, at): Pair => [label, labelTextOf(values[at] ?? '')]);
    const pairs = omitsEmpty ? all.filter(([, value]) => value !== '') : all;
    return labels === names ? rules.changed(pairs, reserved, onJoined) : pairs;
  }

  return {
    textOf(labels) {
      const own = pairsOf(labels);
      return {
        text: [textOf(own), ofScope].filter((part) => part !== '').join(','),
        pairs: [...own, ...scope],
        ambiguous:
          !arePlain(labels.names) || labels.values.some((value) => typeof value !== 'string' || (omitsEmpty && value === '')),
      };
    },
    sortKeyOf(labels) {
      const values = arePlain(labels.names) ? labels.values.map(labelTextOf) : pairsOf(labels).map(([, value]) => value);
      const state = spec.kind === 'stateset' ? labels.names.indexOf(spec.name) : -1;
      return (state < 0 ? values : [...values.toSpliced(state, 1), ...values.slice(state, state + 1)]).join('\0');
    },
  };
}

function textOf(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(',');
}

/** A family's own labels as they are written; undefined where rows have others besides, or a name may have to be changed. */
export function plainLabels(spec: FamilySpec, rules: NameRules): readonly string[] | undefined {
  if (spec.scopeLabels === true) return undefined;
  const reserved = new Set(reservedLabels(spec));
  const labels = spec.labels.flatMap((name) => rules.label(name, spec, reserved) ?? []);
  return labels.length === spec.labels.length ? labels : undefined;
}

/** Labels that the format writes itself. */
export function reservedLabels(spec: FamilySpec): readonly string[] {
  if (spec.kind === 'histogram' || spec.kind === 'gaugehistogram') return ['le'];
  return spec.kind === 'summary' ? ['quantile'] : [];
}
