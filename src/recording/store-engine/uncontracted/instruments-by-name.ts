/** The instruments of a meter that no contract names, each created once. */
import type { MetricOptions } from '@opentelemetry/api';
import { createAttributeSeries } from '../../../series/by-attributes/attribute-series.ts';
import type { OnAdmit } from '../../../series/refusals.ts';
import type { Source } from '../../../store/store.ts';
import type { ExemplarFilter, Measure } from '../../engine.ts';
import { createExemplars, DEFAULT_EXEMPLAR_FILTER, keepsExemplars } from '../../exemplars.ts';
import type { Observed } from '../../observed/observed.ts';
import { warn } from '../../otel-api/api.ts';
import { createRegistrations } from '../../registrations.ts';
import { uncontractedFamily } from '../../uncontracted-family.ts';
import { type Asked, type Descriptor, metricOf } from './descriptor.ts';
import { createUncontracted } from './instrument.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** How long an observable's last good values stay after its callbacks fail, in ms: the default of a contract. */
const MAX_AGE_MS = 60_000;

interface Made {
  /** Gives it another description. */
  readonly describe: (description: string) => void;
  readonly observed?: Observed;
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
  });
  return Object.freeze<InstrumentsByName>({
    get: made.get,
    close() {
      for (const { close } of made.all()) close?.();
    },
  });
}

function create(
  descriptor: Descriptor,
  { source, clock, onAdmit, exemplars: filter = DEFAULT_EXEMPLAR_FILTER }: InstrumentsByNameOptions,
): Made {
  const metric = metricOf(descriptor);
  const madeMs = clock();
  const { name, kind, unit, description: help, bounds, observed } = descriptor;
  const exemplars = !observed && keepsExemplars(filter);
  const spec = { name, kind, unit, help, labels: [], ...uncontractedFamily, exemplars, madeMs, maxAgeMs: observed ? MAX_AGE_MS : Infinity };
  const family = source.family(kind === 'histogram' ? { ...spec, bounds, minMax: true } : spec, !observed);
  const series = createAttributeSeries(metric, family, { clock, warn, onAdmit });
  const whole = descriptor.integer ? wholeNumbers(name, kind) : undefined;
  const describe = (description: string): void => family.describe(description);
  if (observed) {
    const adjusted = whole === undefined ? {} : { adjust: whole };
    return {
      describe,
      observed: Object.freeze<Observed>({ metric, series, family, source, last: { ms: madeMs }, refusesAlone: true, ...adjusted }),
    };
  }
  const { measure, close } = createUncontracted(family, series, createExemplars(family, clock, filter));
  if (whole === undefined) return { describe, measure, close };
  return { describe, measure: (value, attributes, given) => measure(whole(value) as number, attributes, given), close };
}
