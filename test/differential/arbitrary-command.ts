/** Random commands, drawn with numbers in place of names. */
import fc from 'fast-check';
import { attributesIn, type DrawnAttributes, drawnAttributes } from './arbitrary-attributes.ts';
import {
  type Command,
  type ContractSpec,
  type Ends,
  type Format,
  oddValueNames,
  type Said,
  type UncontractedSpec,
  type Value,
} from './case.ts';

const double = fc.oneof(
  fc.integer({ min: -3, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 10, arbitrary: double },
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(...oddValueNames).map((odd) => ({ odd })) },
);
const ends: fc.Arbitrary<Ends> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('well' as const) },
  { weight: 1, arbitrary: fc.constantFrom('throws' as const, 'rejects' as const) },
);

/** Which metric or instrument: taken modulo what there is. */
const at = fc.nat({ max: 11 });
const attributes = drawnAttributes;
const says = fc.array(fc.record({ value, attributes }), { maxLength: 4 });
const slot = fc.nat({ max: 1 });
const span = fc.nat({ max: 3 });

const drawnCommand = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('measure' as const),
      at,
      by: fc.oneof(
        { weight: 3, arbitrary: fc.constant('recorder' as const) },
        { weight: 2, arbitrary: fc.constant('api' as const) },
        { weight: 1, arbitrary: fc.constantFrom('wrong' as const, 'inc' as const, 'dec' as const) },
      ),
      value,
      attributes,
      span,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bind' as const), at, slot, attributes }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('bound' as const), slot, value, span }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('zero' as const, 'remove' as const), at, attributes }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      at,
      by: fc.constantFrom('recorder' as const, 'api' as const),
      says,
      ends,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('together' as const), list: fc.uniqueArray(at, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('detach' as const), at }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('uncontracted' as const), at, value, attributes, changed: fc.nat({ max: 40 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('uncontracted-report' as const), at, says, ends }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('uncontracted-batch' as const),
      list: fc.uniqueArray(at, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('uncontracted-detach' as const), at }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 500, 1_000, 60_001) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      formats: fc.shuffledSubarray<Format>(['text', 'openmetrics', 'otlp'], { minLength: 1 }),
      together: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'reset' as const }, { do: 'restart' as const }) },
);

export type DrawnCommand = typeof drawnCommand extends fc.Arbitrary<infer T> ? T : never;
export const drawnCommands: fc.Arbitrary<DrawnCommand[]> = fc.array(drawnCommand, { maxLength: 40, size: 'max' });

type DrawnSaid = { readonly value: Value; readonly attributes: DrawnAttributes };

/** Undefined when there is nothing to which it could be done. */
export function inWords(
  drawn: DrawnCommand,
  contract: ContractSpec,
  uncontracted: readonly UncontractedSpec[],
): Command | undefined {
  const names = Object.keys(contract.metrics);
  const ofContract = (observed: boolean) => names.filter((name) => contract.metrics[name]?.observed === observed);
  const ofUncontracted = (observable: boolean) =>
    [...uncontracted.keys()].filter((one) => uncontracted[one]?.create.includes('Observable') === observable);
  const labelsOf = (metric: string) => contract.metrics[metric]?.labels ?? [];

  switch (drawn.do) {
    case 'measure':
    case 'bind':
    case 'zero':
    case 'remove': {
      const { at, attributes, ...rest } = drawn;
      const metric = pick(ofContract(false), at);
      return metric === undefined ? undefined : { ...rest, metric, attributes: attributesIn(attributes, labelsOf(metric)) };
    }
    case 'report': {
      const metric = pick(ofContract(true), drawn.at);
      if (metric === undefined) return undefined;
      const { by, ends } = drawn;
      return { do: 'report', metric, by, says: drawn.says.map((one) => saidOf(one, contract, metric)), ends };
    }
    case 'detach': {
      const metric = pick(ofContract(true), drawn.at);
      return metric === undefined ? undefined : { do: 'detach', metric };
    }
    case 'together': {
      const metrics = [...new Set(drawn.list.flatMap((at) => pick(ofContract(true), at) ?? []))];
      return metrics.length === 0 ? undefined : { do: 'together', metrics };
    }
    case 'uncontracted': {
      const at = pick(ofUncontracted(false), drawn.at);
      const { value, attributes, changed } = drawn;
      return at === undefined
        ? undefined
        : { do: 'uncontracted', at, value, attributes: attributesIn(attributes), thenChanged: changed === 40 };
    }
    case 'uncontracted-report': {
      const at = pick(ofUncontracted(true), drawn.at);
      const said = drawn.says.map(({ value, attributes }) => ({ value, attributes: attributesIn(attributes) }));
      return at === undefined ? undefined : { do: 'uncontracted-report', at, says: said, ends: drawn.ends };
    }
    case 'uncontracted-batch': {
      const list = [...new Set(drawn.list.flatMap((at) => pick(ofUncontracted(true), at) ?? []))];
      return list.length === 0 ? undefined : { do: 'uncontracted-batch', at: list };
    }
    case 'uncontracted-detach': {
      const at = pick(ofUncontracted(true), drawn.at);
      return at === undefined ? undefined : { do: 'uncontracted-detach', at };
    }
    default:
      return drawn;
  }
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % list.length];
}

/** A distribution, where the metric is one, whose parts follow from the one number that was drawn. */
function saidOf({ value, attributes }: DrawnSaid, contract: ContractSpec, metric: string): Said {
  const spec = contract.metrics[metric];
  const distributes = spec?.kind === 'histogram' || spec?.kind === 'summary';
  const count = typeof value === 'number' ? Math.abs(Math.trunc(value)) % 1_000 : 0;
  const counts = [count, ...(spec?.bounds ?? []).map((_, at) => (count + at) % 7)];
  const said = distributes && typeof value === 'number' ? { counts, count, sum: value } : value;
  return { value: said, attributes: attributesIn(attributes, spec?.labels) };
}
