/** A case of the differential test as JSON: a contract, instruments outside it, and what happens to them, in order. */
import type { Kind } from '../../src/core/naming/kind.ts';

/** What JSON cannot say, and what a call must not be given. */
const oddValues = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
  undefined: undefined,
  null: null,
  text: '1',
  bigint: 1n,
  true: true,
  list: [1],
} as const;
const oddAttributes = {
  NaN: Number.NaN,
  undefined: undefined,
  null: null,
  bigint: 404n,
  object: Object.freeze({ a: 1 }),
  symbol: Symbol.for('a'),
} as const;

export type OddValue = keyof typeof oddValues;
export type OddAttribute = keyof typeof oddAttributes;
export const oddValueNames = Object.keys(oddValues) as OddValue[];
export const oddAttributeNames = Object.keys(oddAttributes) as OddAttribute[];

export type Value = number | { readonly odd: OddValue };
export type AttributeIn =
  | string
  | number
  | boolean
  | readonly (string | number | boolean | null)[]
  | { readonly odd: OddAttribute };
/** In the order in which the caller's object has them; or no attributes at all. */
export type AttributesIn = readonly (readonly [name: string, value: AttributeIn])[] | 'none' | 'null' | 'text' | 'throwing';

export type LabelSpec =
  | { readonly name: string; readonly closed: readonly string[] }
  | { readonly name: string; readonly capped: number }
  | { readonly name: string; readonly identity: number };

export interface MetricSpec {
  readonly kind: Extract<Kind, 'counter' | 'updowncounter' | 'gauge' | 'histogram' | 'summary' | 'info'>;
  readonly observed: boolean;
  readonly unit: string;
  readonly labels: readonly LabelSpec[];
  readonly bounds: readonly number[];
  readonly exponential?: { readonly maxSize: number; readonly maxScale: number };
  readonly minMax?: boolean;
  readonly zeroFilled?: boolean;
  readonly omitEmpty: boolean;
  /** Only of recorded counters and histograms. */
  readonly exemplars?: boolean;
}

export interface ContractSpec {
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  readonly constantLabels: Readonly<Record<string, string>>;
  readonly maxAgeMs: number;
}

/** An instrument that no contract names. Several may ask for the same name. */
export interface UncontractedSpec {
  readonly meter: string;
  readonly name: string;
  readonly create: `create${'' | 'Observable'}${'Counter' | 'UpDownCounter' | 'Gauge'}` | 'createHistogram';
  readonly unit: string;
  readonly integer: boolean;
  readonly bounds?: readonly number[];
}

export interface Said {
  readonly value: Value | { readonly counts: readonly number[]; readonly count: number; readonly sum: number };
  readonly attributes: AttributesIn;
}
/** How a callback ends that has said all it says. */
export type Ends = 'well' | 'throws' | 'rejects';
export type Format = 'openmetrics' | 'text' | 'otlp';

export type Command =
  | {
      readonly do: 'measure';
      readonly metric: string;
      readonly by: 'recorder' | 'api' | 'wrong' | 'inc' | 'dec';
      readonly value: Value;
      readonly attributes: AttributesIn;
      /** The span it is measured in; 0 or absent: in none. */
      readonly span?: number;
    }
  | { readonly do: 'bind'; readonly metric: string; readonly slot: number; readonly attributes: AttributesIn }
  | { readonly do: 'bound'; readonly slot: number; readonly value: Value; readonly span?: number }
  | { readonly do: 'zero' | 'remove'; readonly metric: string; readonly attributes: AttributesIn }
  /** What the metric's callback says from now on; it is attached when it is not yet. */
  | {
      readonly do: 'report';
      readonly metric: string;
      readonly by: 'recorder' | 'api';
      readonly says: readonly Said[];
      readonly ends: Ends;
    }
  /** The callback of several metrics at once, saying what theirs would say. */
  | { readonly do: 'together'; readonly metrics: readonly string[] }
  | { readonly do: 'detach'; readonly metric: string }
  | {
      readonly do: 'uncontracted';
      readonly at: number;
      readonly value: Value;
      readonly attributes: AttributesIn;
      readonly thenChanged: boolean;
    }
  | { readonly do: 'uncontracted-report'; readonly at: number; readonly says: readonly Said[]; readonly ends: Ends }
  | { readonly do: 'uncontracted-batch'; readonly at: readonly number[] }
  | { readonly do: 'uncontracted-detach'; readonly at: number }
  /** Many sets of attributes on one instrument, from one number to another. */
  | { readonly do: 'flood'; readonly at: number; readonly from: number; readonly to: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'read'; readonly formats: readonly Format[]; readonly together: boolean }
  | { readonly do: 'reset' }
  /** The bridge is closed, and another one begins. */
  | { readonly do: 'restart' };

export interface Case {
  readonly contract: ContractSpec;
  readonly uncontracted: readonly UncontractedSpec[];
  readonly selfMetrics: boolean;
  readonly commands: readonly Command[];
}

export function toValue(value: Said['value']): unknown {
  return typeof value === 'object' && 'odd' in value ? oddValues[value.odd] : value;
}

/** A new object at each call, as a caller's would be. */
export function toAttributes(given: AttributesIn): unknown {
  if (given === 'none') return undefined;
  if (given === 'null') return null;
  if (given === 'text') return 'text';
  if (given === 'throwing') {
    return {
      get a() {
        throw new Error('a getter');
      },
    };
  }
  return Object.fromEntries(given.map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: AttributeIn): unknown {
  if (typeof value !== 'object') return value;
  return 'odd' in value ? oddAttributes[value.odd] : [...(value as readonly unknown[])];
}
