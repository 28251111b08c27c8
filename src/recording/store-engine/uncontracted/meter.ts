/** A meter of the OpenTelemetry API for instruments that no contract names. A call costs one look-up along its attributes. */
import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api';
import { createAttributeSeries } from '../../../series/attribute-series.ts';
import type { OnAdmit } from '../../../series/refusals.ts';
import type { Source } from '../../../store/store.ts';
import type { Measure } from '../../engine.ts';
import type { Observed } from '../../observed/observed.ts';
import { warn } from '../../otel-api/api.ts';
import type { Observables } from '../../otel-api/observables.ts';
import { uncontractedFamily } from '../../uncontracted-family.ts';
import { type Asked, type Descriptor, describe, isSame, metricOf } from './descriptor.ts';
import { createUncontracted } from './instrument.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** How long an observable's last good values stay after its callbacks fail, in ms: the default of a contract. */
const MAX_AGE_MS = 60_000;

type Put = (value: number, attributes?: Attributes) => void;

interface Made {
  readonly descriptor: Descriptor;
  readonly observed?: Observed;
  readonly measure?: Measure;
  readonly close?: () => void;
}

export interface UncontractedMeterOptions {
  readonly source: Source;
  readonly observables: Observables;
  readonly clock: () => number;
  readonly onAdmit: OnAdmit | undefined;
}

export interface UncontractedMeter {
  readonly meter: Meter;
  /** Its existing and new instruments do nothing from now on. */
  close(): void;
}

export function createUncontractedMeter({ source, observables, clock, onAdmit }: UncontractedMeterOptions): UncontractedMeter {
  const made = new Map<string, Made[]>();
  let closed = false;

  function instrument(name: string, asked: Asked, options: MetricOptions | undefined): Made {
    const descriptor = describe(name, asked, options);
    const key = descriptor.name.toLowerCase();
    const namesakes = made.get(key) ?? [];
    made.set(key, namesakes);
    const same = namesakes.find((one) => isSame(one.descriptor, descriptor));
    tellConflict(descriptor, same?.descriptor ?? namesakes[0]?.descriptor);
    if (same !== undefined) return same;
    // Names are case-insensitive, and the first one seen counts (Metrics SDK, "Name conflict").
    const one = create({ ...descriptor, name: namesakes[0]?.descriptor.name ?? descriptor.name });
    namesakes.push(one);
    return one;
  }

  function create(descriptor: Descriptor): Made {
    const metric = metricOf(descriptor);
    const { name, kind, unit, description: help, bounds, observed } = descriptor;
    const spec = { name, kind, unit, help, labels: [], ...uncontractedFamily, maxAgeMs: observed ? MAX_AGE_MS : Infinity };
    const family = source.family(kind === 'histogram' ? { ...spec, bounds, minMax: true } : spec, !observed);
    const series = createAttributeSeries(metric, family, { clock, warn, onAdmit });
    const whole = descriptor.integer ? wholeNumbers(name, kind) : undefined;
    if (observed) {
      const adjusted = whole === undefined ? {} : { adjust: whole };
      return { descriptor, observed: Object.freeze<Observed>({ metric, series, family, source, last: { ms: clock() }, ...adjusted }) };
    }
    const { measure, close } = createUncontracted(family, series);
    if (whole === undefined) return { descriptor, measure, close };
    return { descriptor, measure: (value, attributes) => measure(whole(value) as number, attributes), close };
  }

  function recorded(name: string, what: string, kind: Descriptor['kind'], options?: MetricOptions) {
    if (closed) return Object.freeze({ add() {}, record() {} });
    const { measure } = instrument(name, { what, kind, observed: false }, options);
    return Object.freeze({ add: measure as Put, record: measure as Put });
  }

  function observable(name: string, what: string, kind: Descriptor['kind'], options?: MetricOptions) {
    if (closed) return Object.freeze({ addCallback() {}, removeCallback() {} });
    return observables.observable(instrument(name, { what, kind, observed: true }, options).observed as Observed);
  }

  const meter = Object.freeze<Meter>({
    createCounter: (name, options) => recorded(name, 'counter', 'counter', options),
    createUpDownCounter: (name, options) => recorded(name, 'up-down counter', 'updowncounter', options),
    createGauge: (name, options) => recorded(name, 'gauge', 'gauge', options),
    createHistogram: (name, options) => recorded(name, 'histogram', 'histogram', options),
    createObservableCounter: (name, options) => observable(name, 'observable counter', 'counter', options),
    createObservableUpDownCounter: (name, options) => observable(name, 'observable up-down counter', 'updowncounter', options),
    createObservableGauge: (name, options) => observable(name, 'observable gauge', 'gauge', options),
    addBatchObservableCallback(callback, handles) {
      observables.addBatch(callback, handles);
    },
    removeBatchObservableCallback(callback, handles) {
      observables.removeBatch(callback, handles);
    },
  });
  return Object.freeze<UncontractedMeter>({
    meter,
    close() {
      closed = true;
      for (const { close } of [...made.values()].flat()) close?.();
    },
  });
}

/** The warning of the specification's "Duplicate instrument registration". A conflicting instrument still works, as a separate family. */
function tellConflict(asked: Descriptor, existing: Descriptor | undefined): void {
  if (existing === undefined) return;
  const differences = (['name', 'what', 'unit', 'description', 'integer', 'bounds'] as const).filter(
    (field) => String(asked[field]) !== String(existing[field]),
  );
  if (differences.length === 0) return;
  const said = differences.map((field) => `${field} ${JSON.stringify(asked[field])} instead of ${JSON.stringify(existing[field])}`);
  const outcome = isSame(asked, existing) ? 'The first one is used.' : 'Both are exposed.';
  warn(
    `${existing.name}: an instrument of this name exists already, with ${said.join(', ')}. ${outcome} Fix: create it the same way everywhere.`,
  );
}
