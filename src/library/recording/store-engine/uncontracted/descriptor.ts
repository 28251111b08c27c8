/**
 * The descriptor of an OpenTelemetry instrument, completed with the specification's defaults (Metrics API 1.x, "Instrument";
 * Metrics SDK, "Instrument name", "Instrument advisory parameters").
 */
import type { MetricOptions, ValueType } from '@opentelemetry/api';
import type { Metric } from '../../../../core/contract/metric.ts';
import { familyName, isInstrumentName } from '../../../../core/naming/index.ts';
import type { Kind } from '../../../../core/naming/kind.ts';
import { defaultBounds } from '../../views/forms.ts';
import type { Stream } from '../../views/stream.ts';

export interface Asked {
  /** The kind in the words of the API's method, for messages. */
  readonly what: string;
  readonly kind: Kind;
  readonly observed: boolean;
}

export interface Descriptor extends Asked {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly integer: boolean;
  /** Only histograms. */
  readonly bounds: readonly number[];
}

/** `ValueType.INT`. */
const integerType: ValueType = 0;

/**
 * @param tell receives a line about an invalid name or invalid advice. The instrument still works: exposition makes its name
 * legal.
 */
export function describe(
  name: unknown,
  asked: Asked,
  given: MetricOptions | undefined,
  tell: (line: string) => void,
): Descriptor {
  const options = given ?? {};
  const text = String(name ?? '');
  if (!isInstrumentName(text)) {
    tell(
      `Invalid metric name: ${JSON.stringify(text)}. Fix: begin with a letter, and use letters, digits, "_", ".", "-" and "/" only, 255 characters at most.`,
    );
  }
  return Object.freeze({
    ...asked,
    name: text,
    unit: options.unit ?? '',
    description: options.description ?? '',
    integer: options.valueType === integerType,
    bounds: asked.kind === 'histogram' ? boundsOf(text, options.advice?.explicitBucketBoundaries, tell) : [],
  });
}

function boundsOf(name: string, advised: readonly number[] | undefined, tell: (line: string) => void): readonly number[] {
  if (advised === undefined) return defaultBounds;
  const finite = Array.isArray(advised) && advised.every((bound) => typeof bound === 'number' && !Number.isNaN(bound));
  if (!finite) {
    tell(`${name}: advice.explicitBucketBoundaries are not numbers, so the default ones are used. Fix: give ascending numbers.`);
    return defaultBounds;
  }
  if (advised.some((bound, at) => at > 0 && bound <= (advised[at - 1] as number))) {
    tell(
      `${name}: advice.explicitBucketBoundaries are not ascending, so they are sorted and repeated ones left out. Fix: give ascending numbers.`,
    );
  }
  return [...new Set(advised)].filter(Number.isFinite).sort((a, b) => a - b);
}

/**
 * Whether two requests mean the same instrument: equal names up to case, kind, unit and number type. Advice does not identify.
 */
export function isSame(a: Descriptor, b: Descriptor): boolean {
  return (
    a.name.toLowerCase() === b.name.toLowerCase() &&
    a.kind === b.kind &&
    a.observed === b.observed &&
    a.unit === b.unit &&
    a.integer === b.integer
  );
}

/** One of its metrics as a contract would declare it. */
export function metricOf({ unit, observed }: Descriptor, { name, description, shape: { kind, bounds = [] } }: Stream): Metric {
  return Object.freeze<Metric>({
    kind,
    observed,
    labels: {},
    instrument: name,
    series: familyName({ name, unit, kind }),
    unit,
    help: description,
    bounds,
    minMax: false,
    zeroFilled: false,
    omitEmpty: true,
    exemplars: false,
    unknownStart: false,
    constantLabels: {},
    deprecated: undefined,
    stability: 'development',
  });
}
