/**
 * Random attributes: mostly those that are asked for, in any order; now and then one more, one less, of an odd type, or none at
 * all.
 */
import fc from 'fast-check';
import { type AttributeIn, type AttributesIn, type LabelSpec, oddAttributeNames } from './case.ts';

type Drawn = { readonly pick: number } | { readonly is: AttributeIn };

export interface DrawnAttributes {
  readonly values: readonly Drawn[];
  readonly reversed: boolean;
  readonly twist: Twist;
}
type Twist = 'as asked' | 'none' | 'null' | 'text' | 'throwing' | { readonly without: number } | { readonly and: string };

const texts = ['a', 'b', 'c', 'd', 'other', 'é "\\\n', 'a\ud800', 'a\udfff', 'l'.repeat(300)] as const;
/** More labels than any metric here has. */
export const labelNames = ['a', 'b', 'http.method'] as const;

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ pick: fc.nat({ max: texts.length - 1 }) }) },
  { weight: 3, arbitrary: fc.constantFrom<Drawn[]>({ is: 1 }, { is: 0.5 }, { is: true }, { is: '' }) },
  { weight: 1, arbitrary: fc.constantFrom<Drawn[]>({ is: ['a', 'b'] }, { is: [1, null] }, { is: [] }) },
  { weight: 1, arbitrary: fc.constantFrom(...oddAttributeNames).map((odd) => ({ is: { odd } })) },
);

export const drawnAttributes: fc.Arbitrary<DrawnAttributes> = fc.record(
  {
    values: fc.array(drawn, { minLength: labelNames.length, maxLength: labelNames.length }),
    reversed: fc.boolean(),
    twist: fc.oneof(
      { weight: 16, arbitrary: fc.constant('as asked' as const) },
      { weight: 2, arbitrary: fc.record({ without: fc.nat({ max: 2 }) }) },
      { weight: 2, arbitrary: fc.constantFrom('extra', 'a_b', 'a.b').map((and) => ({ and })) },
      { weight: 1, arbitrary: fc.constantFrom('none' as const, 'null' as const, 'text' as const, 'throwing' as const) },
    ),
  },
  { noNullPrototype: true },
);

/** Undefined labels: an instrument that takes any. */
export function attributesIn({ values, reversed, twist }: DrawnAttributes, labels?: readonly LabelSpec[]): AttributesIn {
  if (typeof twist === 'string' && twist !== 'as asked') return twist;
  const names = labels?.map(({ name }) => name) ?? labelNames.slice(0, 2);
  let pairs = names.map((name, at): [string, AttributeIn] => [name, drawnValue(values[at], labels?.[at])]);
  if (typeof twist === 'object' && 'without' in twist) pairs = pairs.filter((_, at) => at !== twist.without);
  if (typeof twist === 'object' && 'and' in twist) pairs.push([twist.and, 'x']);
  return reversed ? pairs.toReversed() : pairs;
}

function drawnValue(drawn: Drawn = { pick: 0 }, label?: LabelSpec): AttributeIn {
  if ('is' in drawn) return drawn.is;
  if (label === undefined || !('closed' in label)) return texts[drawn.pick % texts.length] as string;
  // One more than there are: what is not in the set.
  return label.closed[drawn.pick % (label.closed.length + 1)] ?? 'stranger';
}
