/**
 * The contract's instruments through `@opentelemetry/api`: a `MeterProvider` whose meters return the contract's recorders for
 * declared names, and the engine's instruments for all others. Every measurement passes *admit*.
 */
import type { Attributes, Meter, MeterProvider, Observable } from '@opentelemetry/api';
import type { Kind } from '../../../core/naming/kind.ts';
import type { AddGroup } from '../observed/observed-recorder.ts';
import type { Registered } from '../register.ts';
import { api, warn } from './api.ts';
import { createApiCallbacks } from './callbacks.ts';
import { createObservables, type Observables } from './observables.ts';

export interface ApiOptions {
  /**
   * The contract that owns a meter name, if any. Called for each instrument, because a contract may be registered after the
   * meter.
   */
  readonly contractOf: (meterName: string) => Registered | undefined;
  readonly others: MeterProvider;
  readonly addGroup: AddGroup;
  /** Once true, new meters do nothing and callbacks are ignored. */
  readonly isClosed: () => boolean;
}

export function createMeterProvider({ contractOf, others, addGroup, isClosed }: ApiOptions): MeterProvider {
  const own = createObservables(createApiCallbacks(addGroup), isClosed);
  const meters = new Map<string, Meter>();
  return Object.freeze({
    getMeter(name: string, version?: string, options?: { schemaUrl?: string }) {
      const key = JSON.stringify([name, version, options?.schemaUrl]);
      let meter = meters.get(key);
      if (meter === undefined) {
        // Logs a warning and returns a no-op meter.
        if (isClosed()) return others.getMeter(name, version, options);
        meter = createMeter(() => contractOf(name), others.getMeter(name, version, options), own);
        meters.set(key, meter);
      }
      return meter;
    },
  });
}

type Put = (value: number, attributes?: Attributes) => void;

function createMeter(contract: () => Registered | undefined, others: Meter, own: Observables): Meter {
  const noop = api().createNoopMeter();

  /** A recorded instrument of the contract; undefined: not declared; `'refused'`: declared as something else. */
  function recorded(name: string, asked: string, kinds: readonly Kind[]) {
    const declared = contract()?.recorded.get(name);
    if (declared === undefined || !kinds.includes(declared.metric.kind)) return isOther(name, asked);
    // The recorder's own function, so that a call through the API is as fast as a typed one.
    const { measure } = declared;
    return { add: measure as Put, record: measure as Put };
  }

  function observed(name: string, asked: string, kinds: readonly Kind[]) {
    const declared = contract()?.observed.get(name);
    if (declared === undefined || !kinds.includes(declared.metric.kind)) return isOther(name, asked);
    return own.observable([declared]);
  }

  function isOther(name: string, asked: string): 'refused' | undefined {
    const registered = contract();
    const declared = registered?.recorded.get(name)?.metric ?? registered?.observed.get(name)?.metric;
    if (declared === undefined) return undefined;
    warn(
      `${name}: asked for as ${asked}; the contract ${registered?.contract.name} declares ${declared.observed ? 'an observed' : 'a recorded'} ${declared.kind}. ` +
        'Nothing is recorded here. Fix: create the instrument that the contract declares.',
    );
    return 'refused';
  }

  function pick<T>(found: T | 'refused' | undefined, refused: (meter: Meter) => T): T {
    if (found === undefined) return refused(others);
    return found === 'refused' ? refused(noop) : found;
  }

  return Object.freeze<Meter>({
    createCounter: (name, options) => pick(recorded(name, 'counter', ['counter']), (meter) => meter.createCounter(name, options)),
    createUpDownCounter: (name, options) =>
      pick(recorded(name, 'up-down counter', ['updowncounter']), (meter) => meter.createUpDownCounter(name, options)),
    createGauge: (name, options) => pick(recorded(name, 'gauge', ['gauge', 'info']), (meter) => meter.createGauge(name, options)),
    createHistogram: (name, options) =>
      pick(recorded(name, 'histogram', ['histogram', 'summary']), (meter) => meter.createHistogram(name, options)),
    createObservableCounter: (name, options) =>
      pick<Observable>(observed(name, 'observable counter', ['counter']), (meter) =>
        meter.createObservableCounter(name, options),
      ),
    createObservableUpDownCounter: (name, options) =>
      pick<Observable>(observed(name, 'observable up-down counter', ['updowncounter']), (meter) =>
        meter.createObservableUpDownCounter(name, options),
      ),
    createObservableGauge: (name, options) =>
      pick<Observable>(observed(name, 'observable gauge', ['gauge', 'info']), (meter) =>
        meter.createObservableGauge(name, options),
      ),
    addBatchObservableCallback(callback, observables) {
      const rest = own.addBatch(callback, observables);
      if (rest.length > 0) others.addBatchObservableCallback(callback, rest);
    },
    removeBatchObservableCallback(callback, observables) {
      const rest = own.removeBatch(callback, observables);
      if (rest.length > 0) others.removeBatchObservableCallback(callback, rest);
    },
  });
}
