/** A meter of the OpenTelemetry API for instruments that no contract names. A call costs one look-up along its attributes. */
import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api';
import type { Observed } from '../../observed/observed.ts';
import type { Observables } from '../../otel-api/observables.ts';
import type { Descriptor } from './descriptor.ts';
import { createInstrumentsByName, type InstrumentsByNameOptions } from './instruments-by-name.ts';

type Put = (value: number, attributes?: Attributes) => void;

export interface UncontractedMeterOptions extends InstrumentsByNameOptions {
  readonly observables: Observables;
}

export interface UncontractedMeter {
  readonly meter: Meter;
  /** Its existing and new instruments do nothing from now on. */
  close(): void;
}

export function createUncontractedMeter({ observables, ...options }: UncontractedMeterOptions): UncontractedMeter {
  const instruments = createInstrumentsByName(options);
  let closed = false;

  function recorded(name: string, what: string, kind: Descriptor['kind'], options?: MetricOptions) {
    if (closed) return Object.freeze({ add() {}, record() {} });
    const { measure } = instruments.get(name, { what, kind, observed: false }, options);
    return Object.freeze({ add: measure as Put, record: measure as Put });
  }

  function observable(name: string, what: string, kind: Descriptor['kind'], options?: MetricOptions) {
    if (closed) return Object.freeze({ addCallback() {}, removeCallback() {} });
    return observables.observable(instruments.get(name, { what, kind, observed: true }, options).observed as readonly Observed[]);
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
      instruments.close();
    },
  });
}
