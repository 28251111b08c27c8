/** A value of any type in a configuration, as an attribute's value. */
import { optional, type Plain, plainDouble, type Schema } from '../../core/config/schema/index.ts';
import { refuse } from '../../core/config/schema/refuse.ts';
import { type Findings, type ReadValue, type Wrong, wrong } from '../../core/config/schema/schema.ts';
import { valueSchema } from '../../core/config/schema/value.ts';
import type { Tree } from '../../core/config/tree.ts';
import type { AnyValue } from '../../formats/otlp/batch/batch-tree.ts';

/** A whole number is an integer unless it is written with a point or an exponent, as Go's YAML reads it. */
const isFraction = /^[^xX]*[.eE]/;

/** Any value, for keys that nothing reads. */
export function anything(): Schema<Plain | undefined> {
  return Object.freeze({
    type: 'anything',
    required: false,
    byDefault: undefined,
    read: () => undefined,
    absent: () => undefined,
    print: () => undefined,
  });
}

/** A string, number, flag, list or section; undefined where the key is absent or null. */
export function anyValue(): Schema<AnyValue | undefined> {
  return optional(
    valueSchema<AnyValue>({
      type: 'any value',
      rule: 'it is a string, a number, a flag, a list or a section',
      example: 'write it in quotes',
      read: (given, findings) => treeValue(given.tree, given, findings),
      print: plainOf,
    }),
  );
}

function treeValue(tree: Tree, given: ReadValue, findings: Findings): AnyValue | Wrong | undefined {
  if (tree.kind === 'nothing') return tree.broken ? wrong : {};
  if (tree.kind === 'scalar') return scalarOf(tree, given, findings);
  const keys = tree.kind === 'section' ? [...tree.entries.keys()] : [];
  const trees = tree.kind === 'list' ? tree.items : [...tree.entries.values()].map(({ value }) => value);
  const values: AnyValue[] = [];
  for (const one of trees) {
    const value = treeValue(one, { ...given, tree: one }, findings);
    if (value === undefined || value === wrong) return value;
    values.push(value as AnyValue);
  }
  return tree.kind === 'list'
    ? { arrayValue: { values } }
    : { kvlistValue: { values: values.map((value, index) => ({ key: keys[index] as string, value })) } };
}

function scalarOf(tree: Tree & { readonly kind: 'scalar' }, given: ReadValue, findings: Findings): AnyValue | Wrong | undefined {
  const { value, text } = tree;
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return undefined;
  if (!Number.isInteger(value) || isFraction.test(text)) return { doubleValue: value };
  if (Number.isSafeInteger(value)) return { intValue: BigInt(value) };
  return refuse(given, findings, text, 'it is an integer of at most 53 bits', 'write it with a decimal point, or in quotes');
}

function plainOf({ stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue }: AnyValue): Plain {
  if (arrayValue !== undefined) return arrayValue.values.map(plainOf);
  if (kvlistValue !== undefined)
    return Object.fromEntries(kvlistValue.values.map(({ key = '', value = {} }) => [key, plainOf(value)]));
  if (doubleValue !== undefined) return plainDouble(doubleValue);
  return stringValue ?? boolValue ?? (intValue === undefined ? null : Number(intValue));
}
