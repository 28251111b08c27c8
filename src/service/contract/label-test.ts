/** Whether a point has the labels that the contract says, with the values that it says: worked out once for equal attributes. */
import { closedLabels, valueFits } from '../../core/contract/fits.ts';
import type { Metric } from '../../core/contract/index.ts';
import { parametersOf } from '../../core/contract/labels.ts';
import { shown } from '../../core/errors/shown.ts';
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { pointAt } from '../../formats/otlp/batch/batch-index.ts';
import type { Memos } from '../processors/rewrite/memos.ts';
import { attributeTexts } from '../received/names/attribute-texts.ts';
import type { Broken } from './broken.ts';
import type { Parameters } from './parameters.ts';

interface LabelRule {
  readonly name: string;
  /** `''`: the point lacks the label. */
  fits(value: string): boolean;
  /** Behind the value that a point has instead. */
  readonly wanted: string;
}

type Attributes = ReadonlyMap<string, string>;

/** Undefined: the contract says nothing of values. */
export function labelTest(
  metric: Metric,
  memos: Memos,
  parameters: Parameters,
): ((batch: Batch, p: number) => Broken | undefined) | undefined {
  const rules = rulesOfLabels(metric);
  if (rules.length === 0) return undefined;
  const decided = parametersOf(metric);
  const firstBroken = (attributes: Attributes): LabelRule | undefined =>
    rules.find(({ name, fits }) => !fits(attributes.get(name) ?? ''));
  // Whether all fit, and then the one value of those that the program decides.
  const memo = memos.create((bytes) => {
    const attributes = new Map(attributeTexts(bytes));
    if (firstBroken(attributes) !== undefined) return Uint8Array.of(0);
    return Buffer.concat([Uint8Array.of(1), Buffer.from(textOf(decided, attributes))]);
  });
  const one = decided.length === 0 ? undefined : parameters.of(decided.join());
  return ({ bytes, view, index }, p) => {
    const [from, to] = [index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number];
    const fits = memo.flag(view, from, to);
    if (fits && (one === undefined || one.is(memo.view, memo.from + 1, memo.to))) return undefined;
    const attributes = new Map(attributeTexts(bytes.slice(from, to)));
    const broken = firstBroken(attributes);
    if (broken !== undefined)
      return { reason: 'value_outside', what: `${broken.name} is ${shownValue(attributes, broken.name)}, ${broken.wanted}` };
    const what = `${decided.join(', ')} is ${shown(textOf(decided, attributes))}, and ${shown(one?.text())} in another series of its resource`;
    return { reason: 'value_outside', what };
  };
}

function rulesOfLabels(metric: Metric): readonly LabelRule[] {
  const closed = closedLabels(metric).map(
    ([name, label]): LabelRule => ({
      name,
      fits: (value) => valueFits(label, value),
      wanted: `not one of ${label.values.join(', ')}`,
    }),
  );
  const constant = Object.entries(metric.constantLabels).map(([name, label]): LabelRule => {
    if (typeof label === 'string') return { name, fits: (value) => value === label, wanted: `not ${shown(label)}` };
    return { name, fits: (value) => value !== '', wanted: 'and every series has one value of it' };
  });
  return [...closed, ...constant];
}

/** The values of labels that a point has, all of them together. */
function textOf(names: readonly string[], attributes: Attributes): string {
  return names.map((name) => attributes.get(name)).join(', ');
}

function shownValue(attributes: Attributes, name: string): string {
  const value = attributes.get(name);
  return value === undefined ? 'absent' : shown(value);
}
