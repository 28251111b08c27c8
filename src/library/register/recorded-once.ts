/**
 * A meter provider for libraries, without the instruments that Meterbridge records already: beside OpenTelemetry's own
 * instrumentations each request would count twice.
 */
import {
  type BatchObservableCallback,
  createNoopMeter,
  type Meter,
  type MeterOptions,
  type MeterProvider,
  type Observable,
} from '@opentelemetry/api';

const creators = [
  'createCounter',
  'createUpDownCounter',
  'createGauge',
  'createHistogram',
  'createObservableCounter',
  'createObservableUpDownCounter',
  'createObservableGauge',
] as const;

/**
 * `isTaken`: whether an instrument of this name is recorded already. `onTaken` is called each time that a library creates such a
 * one.
 */
export function recordedOnce(
  provider: MeterProvider,
  isTaken: (instrument: string) => boolean,
  onTaken: (scope: string, instrument: string) => void,
): MeterProvider {
  const meters = new WeakMap<Meter, Meter>();
  return Object.freeze<MeterProvider>({
    getMeter(name: string, version?: string, options?: MeterOptions) {
      const inner = provider.getMeter(name, version, options);
      const meter = meters.get(inner) ?? meterWithout(inner, isTaken, (instrument) => onTaken(name, instrument));
      meters.set(inner, meter);
      return meter;
    },
  });
}

function meterWithout(meter: Meter, isTaken: (instrument: string) => boolean, onTaken: (instrument: string) => void): Meter {
  const noop = createNoopMeter();
  /** The observables that replace instruments that are left out. */
  const left = new WeakSet<Observable>();
  const wrapped = new WeakMap<BatchObservableCallback, BatchObservableCallback>();

  function create(creator: (typeof creators)[number]) {
    return (name: string, options?: object) => {
      if (!isTaken(name)) return meter[creator](name, options);
      onTaken(name);
      // An object of its own: the no-op meter gives all instruments of a kind one.
      const instrument = Object.create(noop[creator](name, options));
      left.add(instrument);
      return instrument;
    };
  }

  /** One callback may observe both kinds. */
  function withoutLeft(callback: BatchObservableCallback): BatchObservableCallback {
    const known = wrapped.get(callback);
    if (known !== undefined) return known;
    const filtered: BatchObservableCallback = (result) =>
      callback({
        observe(observable, value, attributes) {
          if (!left.has(observable)) result.observe(observable, value, attributes);
        },
      });
    wrapped.set(callback, filtered);
    return filtered;
  }

  const kept = (observables: readonly Observable[]): Observable[] => observables.filter((one) => !left.has(one));
  return Object.freeze({
    ...(Object.fromEntries(creators.map((creator) => [creator, create(creator)])) as unknown as Pick<
      Meter,
      (typeof creators)[number]
    >),
    addBatchObservableCallback(callback, observables) {
      const rest = kept(observables);
      if (rest.length > 0) meter.addBatchObservableCallback(withoutLeft(callback), rest);
    },
    removeBatchObservableCallback(callback, observables) {
      meter.removeBatchObservableCallback(withoutLeft(callback), kept(observables));
    },
  } satisfies Meter as Meter);
}
