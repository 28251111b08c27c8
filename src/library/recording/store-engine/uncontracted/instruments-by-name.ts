/** The instruments of a meter that no contract names, each created once. */
import type { MetricOptions } from '@opentelemetry/api';
import type { Kind } from '../../../../core/naming/kind.ts';
import { valueRule } from '../../../../core/store/index.ts';
import type { Family, FamilySpec, Source } from '../../../../core/store/store.ts';
import { createAttributeSeries } from '../../../series/by-attributes/attribute-series.ts';
import type { OnAdmit } from '../../../series/refusals.ts';
import type { ExemplarFilter, Measure } from '../../engine.ts';
import { createExemplars, DEFAULT_EXEMPLAR_FILTER, keepsExemplars } from '../../exemplars.ts';
import { FILTERED_BYTES } from '../../filtered-attributes.ts';
import type { Observed } from '../../observed/observed.ts';
import { warn } from '../../otel-api/api.ts';
import { createRegistrations } from '../../registrations.ts';
import { uncontractedFamily } from '../../uncontracted-family.ts';
import type { Stream } from '../../views/stream.ts';
import { defaultStream, type Views } from '../../views/streams.ts';
import { type Asked, type Descriptor, metricOf } from './descriptor.ts';
import { createUncontracted, type Uncontracted } from './instrument.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** How long an observable's last good values stay after its callbacks fail, in ms: the default of a contract. */
const MAX_AGE_MS = 60_000;

interface Made {
  /** Gives it another description. */
  readonly describe: (description: string) => void;
  /** One for each of its metrics. */
  readonly observed?: readonly Observed[];
  readonly measure?: Measure;
  readonly close?: () => void;
}

export interface InstrumentsByName {
  /** The instrument of that name and description: an existing one, or else a new one. */
  get(name: string, asked: Asked, options: MetricOptions | undefined): Made;
  close(): void;
}

export interface InstrumentsByNameOptions {
  readonly source: Source;
  readonly clock: () => number;
  readonly onAdmit: OnAdmit | undefined;
  /** Undefined: there are none. */
  readonly views: Views | undefined;
  /** Default `trace_based`. */
  readonly exemplars: ExemplarFilter | undefined;
  /** Receives a line where an instrument is not made as it was asked for. */
  readonly tell: (line: string) => void;
}

export function createInstrumentsByName(context: InstrumentsByNameOptions): InstrumentsByName {
  const made = createRegistrations<Made>({
    create: (descriptor) => create(descriptor, context),
    describe: ({ describe }, longer) => describe(longer),
    tell: context.tell,
    unresolved: context.views?.unresolved(context.source.spec.scope),
  });
  return Object.freeze<InstrumentsByName>({
    get: made.get,
    close() {
      for (const { close } of made.all()) close?.();
    },
  });
}

function create(descriptor: Descriptor, context: InstrumentsByNameOptions): Made {
  const { source, views } = context;
  const { name, kind, observed } = descriptor;
  const streams = views?.streamsOf(source.spec.scope, descriptor) ?? [defaultStream(descriptor)];
  const whole = descriptor.integer ? wholeNumbers(name, kind) : undefined;
  const made = streams.map((stream) =>
    observed ? observedStream(descriptor, stream, context, whole) : recordedStream(descriptor, stream, context),
  );
  const describe = (description: string): void => {
    // A description that a view gives stays.
    for (const [at, { family }] of made.entries()) if (streams[at]?.describedByView !== true) family.describe(description);
  };
  if (observed) return { describe, observed: made as readonly Observed[] };
  const { measure, close } = together(made as readonly RecordedStream[], kind);
  if (whole === undefined) return { describe, measure, close };
  return { describe, measure: (value, attributes, given) => measure(whole(value) as number, attributes, given), close };
}

interface RecordedStream extends Uncontracted {
  readonly family: Family;
}

function recordedStream(descriptor: Descriptor, stream: Stream, context: InstrumentsByNameOptions): RecordedStream {
  const { source, clock, onAdmit, exemplars: filter = DEFAULT_EXEMPLAR_FILTER } = context;
  const { keeps, limit } = stream;
  const exemplars = keepsExemplars(filter);
  const shape = { exemplars, ...(exemplars && keeps !== undefined && { exemplarText: FILTERED_BYTES }) };
  const family = source.family({ ...specOf(descriptor, stream, clock()), ...shape }, true);
  const series = createAttributeSeries(metricOf(descriptor, stream), family, { clock, warn, onAdmit, keeps, limit });
  return { family, ...createUncontracted(family, series, stream, createExemplars(family, clock, filter)) };
}

function observedStream(
  descriptor: Descriptor,
  stream: Stream,
  { source, clock, onAdmit }: InstrumentsByNameOptions,
  adjust: Observed['adjust'],
): Observed {
  const { keeps, limit, accepts } = stream;
  const madeMs = clock();
  const metric = metricOf(descriptor, stream);
  const family = source.family(specOf(descriptor, stream, madeMs), false);
  const series = createAttributeSeries(metric, family, { clock, warn, onAdmit, keeps, limit });
  const own = { metric, series, family, source, last: { ms: madeMs }, refusesAlone: true, accepts } as const;
  return Object.freeze<Observed>(adjust === undefined ? own : { ...own, adjust });
}

function specOf({ unit, observed }: Descriptor, { name, description: help, shape }: Stream, madeMs: number): FamilySpec {
  return {
    name,
    ...shape,
    unit,
    help,
    labels: [],
    ...uncontractedFamily,
    exemplars: false,
    madeMs,
    maxAgeMs: observed ? MAX_AGE_MS : Infinity,
  };
}

/** A value that is none of the instrument is refused and counted once, not for each metric. */
function together(all: readonly Uncontracted[], kind: Kind): Uncontracted {
  const [first, ...others] = all;
  if (first === undefined) return { measure() {}, close() {} };
  if (others.length === 0) return first;
  const accepts = valueRule(kind);
  return {
    measure(value, attributes, given) {
      first.measure(value, attributes, given);
      if (accepts(value)) for (const { measure } of others) measure(value, attributes, given);
    },
    close() {
      for (const { close } of all) close();
    },
  };
}
