/**
 * The SDK's meters by Meterbridge's rules of registration and of values: the SDK tells a wrong name or a second description
 * through the API's diagnostics alone, which are silent in most programs, and compares names with their case.
 */
import type { Meter, MeterProvider, MetricOptions, Observable } from '@opentelemetry/api';
import type { OnAdmit } from '../../series/refusals.ts';
import type { ScopeParts } from '../otel-api/scope-of.ts';
import { createRegistrations, type RegistrationsOptions, type Unresolved } from '../registrations.ts';
import type { Descriptor } from '../store-engine/uncontracted/descriptor.ts';
import { judgedObservables, judgedRecorded, type Recorded } from './judged.ts';

type Instrument = Recorded & Observable;

export interface RegisteredMetersOptions {
  /** Receives a line where an instrument is not made as it was asked for. */
  readonly tell: (line: string) => void;
  readonly onAdmit: OnAdmit;
  /** Of a meter, what views resolve. Undefined: there are none. */
  readonly unresolvedOf?: ((meter: ScopeParts) => Unresolved) | undefined;
  readonly onMade: (
    meter: { readonly name: string; readonly version?: string; readonly schemaUrl?: string },
    descriptor: Descriptor,
  ) => void;
}

export function registeredMeters(
  provider: MeterProvider,
  { tell, onAdmit, onMade, unresolvedOf }: RegisteredMetersOptions,
): MeterProvider {
  const meters = new WeakMap<Meter, Meter>();
  return Object.freeze<MeterProvider>({
    getMeter(name, version, options) {
      const inner = provider.getMeter(name, version, options);
      let meter = meters.get(inner);
      if (meter === undefined) {
        const scope = {
          name,
          ...(version !== undefined && { version }),
          ...(options?.schemaUrl !== undefined && { schemaUrl: options.schemaUrl }),
        };
        meter = registered(inner, {
          tell,
          onAdmit,
          onMade: (descriptor) => onMade(scope, descriptor),
          unresolved: unresolvedOf?.(scope),
        });
        meters.set(inner, meter);
      }
      return meter;
    },
  });
}

interface RegisteredOptions
  extends Pick<RegistrationsOptions<unknown>, 'tell' | 'unresolved'>,
    Pick<RegisteredMetersOptions, 'onAdmit'> {
  readonly onMade: (descriptor: Descriptor) => void;
}

function registered(inner: Meter, { tell, onAdmit, unresolved, onMade }: RegisteredOptions): Meter {
  const { of: judgedObservable, ...batches } = judgedObservables(inner, onAdmit);
  const instruments = createRegistrations<{ readonly instrument: Instrument; readonly descriptor: Descriptor }>({
    tell,
    unresolved,
    create(descriptor) {
      onMade(descriptor);
      const made = make(inner, descriptor);
      const instrument = descriptor.observed ? judgedObservable(made, descriptor) : judgedRecorded(made, descriptor, onAdmit);
      return { instrument: instrument as Instrument, descriptor };
    },
    // The SDK gives its stream the longer description.
    describe: ({ descriptor }, description) => void make(inner, { ...descriptor, description }),
  });
  const get = (what: string, kind: Descriptor['kind'], observed: boolean) => (name: string, options?: MetricOptions) =>
    instruments.get(name, { what, kind, observed }, options).instrument;
  return Object.freeze<Meter>({
    createCounter: get('counter', 'counter', false),
    createUpDownCounter: get('up-down counter', 'updowncounter', false),
    createGauge: get('gauge', 'gauge', false),
    createHistogram: get('histogram', 'histogram', false),
    createObservableCounter: get('observable counter', 'counter', true),
    createObservableUpDownCounter: get('observable up-down counter', 'updowncounter', true),
    createObservableGauge: get('observable gauge', 'gauge', true),
    ...batches,
  });
}

/** `ValueType` of the API. */
const valueTypes = { integer: 0, double: 1 } as const;

function make(meter: Meter, { name, kind, observed, unit, description, integer, bounds }: Descriptor): Instrument {
  const options = { unit, description, valueType: integer ? valueTypes.integer : valueTypes.double };
  switch (kind) {
    case 'counter':
      return (observed ? meter.createObservableCounter(name, options) : meter.createCounter(name, options)) as Instrument;
    case 'updowncounter':
      return (
        observed ? meter.createObservableUpDownCounter(name, options) : meter.createUpDownCounter(name, options)
      ) as Instrument;
    case 'histogram':
      return meter.createHistogram(name, {
        ...options,
        advice: { explicitBucketBoundaries: [...bounds] },
      }) as unknown as Instrument;
    default:
      return (observed ? meter.createObservableGauge(name, options) : meter.createGauge(name, options)) as unknown as Instrument;
  }
}
