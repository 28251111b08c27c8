/** The instruments of a meter that no contract names, each created once. */
import type { MetricOptions } from '@opentelemetry/api';
import { createAttributeSeries } from '../../../series/by-attributes/attribute-series.ts';
import type { OnAdmit } from '../../../series/refusals.ts';
import type { Source } from '../../../store/store.ts';
import type { Measure } from '../../engine.ts';
import type { Observed } from '../../observed/observed.ts';
import { warn } from '../../otel-api/api.ts';
import { uncontractedFamily } from '../../uncontracted-family.ts';
import { type Asked, type Descriptor, describe, isSame, metricOf } from './descriptor.ts';
import { createUncontracted } from './instrument.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** How long an observable's last good values stay after its callbacks fail, in ms: the default of a contract. */
const MAX_AGE_MS = 60_000;

interface Made {
  readonly descriptor: Descriptor;
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
  /** Receives a line where an instrument is not made as it was asked for. */
  readonly tell: (line: string) => void;
}

export function createInstrumentsByName(context: InstrumentsByNameOptions): InstrumentsByName {
  const made = new Map<string, Made[]>();
  return Object.freeze<InstrumentsByName>({
    get(name, asked, options) {
      const descriptor = describe(name, asked, options, context.tell);
      const key = descriptor.name.toLowerCase();
      const namesakes = made.get(key) ?? [];
      made.set(key, namesakes);
      const same = namesakes.find((one) => isSame(one.descriptor, descriptor));
      tellConflict(descriptor, same?.descriptor ?? namesakes[0]?.descriptor, context.tell);
      if (same !== undefined) return same;
      // Names are case-insensitive, and the first one seen counts (Metrics SDK, "Name conflict").
      const one = create({ ...descriptor, name: namesakes[0]?.descriptor.name ?? descriptor.name }, context);
      namesakes.push(one);
      return one;
    },
    close() {
      for (const { close } of [...made.values()].flat()) close?.();
    },
  });
}

function create(descriptor: Descriptor, { source, clock, onAdmit }: InstrumentsByNameOptions): Made {
  const metric = metricOf(descriptor);
  const { name, kind, unit, description: help, bounds, observed } = descriptor;
  const spec = { name, kind, unit, help, labels: [], ...uncontractedFamily, maxAgeMs: observed ? MAX_AGE_MS : Infinity };
  const family = source.family(kind === 'histogram' ? { ...spec, bounds, minMax: true } : spec, !observed);
  const series = createAttributeSeries(metric, family, { clock, warn, onAdmit });
  const whole = descriptor.integer ? wholeNumbers(name, kind) : undefined;
  if (observed) {
    const adjusted = whole === undefined ? {} : { adjust: whole };
    return {
      descriptor,
      observed: Object.freeze<Observed>({ metric, series, family, source, last: { ms: clock() }, refusesAlone: true, ...adjusted }),
    };
  }
  const { measure, close } = createUncontracted(family, series);
  if (whole === undefined) return { descriptor, measure, close };
  return { descriptor, measure: (value, attributes) => measure(whole(value) as number, attributes), close };
}

/** The warning of the specification's "Duplicate instrument registration". A conflicting instrument still works, as a separate family. */
function tellConflict(asked: Descriptor, existing: Descriptor | undefined, tell: (line: string) => void): void {
  if (existing === undefined) return;
  const differences = (['name', 'what', 'unit', 'description', 'integer', 'bounds'] as const).filter(
    (field) => String(asked[field]) !== String(existing[field]),
  );
  if (differences.length === 0) return;
  const said = differences.map((field) => `${field} ${JSON.stringify(asked[field])} instead of ${JSON.stringify(existing[field])}`);
  const outcome = isSame(asked, existing) ? 'The first one is used.' : 'Both are exposed.';
  tell(
    `${existing.name}: an instrument of this name exists already, with ${said.join(', ')}. ${outcome} Fix: create it the same way everywhere.`,
  );
}
