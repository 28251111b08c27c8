/**
 * The contract's instruments through `@opentelemetry/api`: a `MeterProvider` whose meters hand out the contract's own recorders for the names it
 * declares, and the engine's instruments for every other name. Measurements take the same way through *admit*.
 */
import {
  type Attributes,
  type BatchObservableCallback,
  createNoopMeter,
  diag,
  type Meter,
  type MeterProvider,
  type Observable,
  type ObservableCallback,
} from '@opentelemetry/api';
import type { Kind } from '../naming/kind.ts';
import { type AttachCallback, createApiCallbacks } from './api-callbacks.ts';
import type { Observed } from './observed.ts';
import type { AddGroup } from './observed-recorder.ts';
import type { Registered } from './register.ts';

export interface ApiOptions {
  /** The contract that owns a meter name, if any. Asked for each instrument: a contract may come after the meter. */
  readonly contractOf: (meterName: string) => Registered | undefined;
  readonly others: MeterProvider;
  readonly addGroup: AddGroup;
}

export function createMeterProvider({ contractOf, others, addGroup }: ApiOptions): MeterProvider {
  const attach = createApiCallbacks(addGroup);
  const meters = new Map<string, Meter>();
  return Object.freeze({
    getMeter(name: string, version?: string, options?: { schemaUrl?: string }) {
      const key = JSON.stringify([name, version, options?.schemaUrl]);
      let meter = meters.get(key);
      if (meter === undefined) {
        meter = createMeter(() => contractOf(name), others.getMeter(name, version, options), attach);
        meters.set(key, meter);
      }
      return meter;
    },
  });
}

/** Contract metrics behind the observables that were handed out, whatever meter did it. */
const behind = new WeakMap<Observable, Observed>();
const noop = createNoopMeter();

function createMeter(contract: () => Registered | undefined, others: Meter, attach: AttachCallback): Meter {
  /** A recorded instrument of the contract; undefined: not declared; `'refused'`: declared as something else. */
  function recorded(name: string, asked: string, kinds: readonly Kind[]) {
    const declared = contract()?.recorded.get(name);
    if (declared === undefined || !kinds.includes(declared.metric.kind)) return isOther(name, asked);
    const put = (value: number, attributes?: Attributes): void => declared.measure(value, attributes);
    return { add: put, record: put };
  }

  function observed(name: string, asked: string, kinds: readonly Kind[]) {
    const declared = contract()?.observed.get(name);
    if (declared === undefined || !kinds.includes(declared.metric.kind)) return isOther(name, asked);
    return createObservable(declared, attach);
  }

  function isOther(name: string, asked: string): 'refused' | undefined {
    const registered = contract();
    const declared = registered?.recorded.get(name)?.metric ?? registered?.observed.get(name)?.metric;
    if (declared === undefined) return undefined;
    diag.warn(
      `${name}: asked for as ${asked}; the contract ${registered?.contract.name} declares ${declared.observed ? 'an observed' : 'a recorded'} ${declared.kind}. ` +
        'Nothing is recorded here. Fix: create the instrument that the contract declares.',
    );
    return 'refused';
  }

  function pick<T>(found: T | 'refused' | undefined, refused: (meter: Meter) => T): T {
    if (found === undefined) return refused(others);
    return found === 'refused' ? refused(noop) : found;
  }

  const batches: { callback: BatchObservableCallback; of: readonly Observable[]; detach: () => void }[] = [];
  return Object.freeze<Meter>({
    createCounter: (name, options) => pick(recorded(name, 'counter', ['counter']), (meter) => meter.createCounter(name, options)),
    createUpDownCounter: (name, options) =>
      pick(recorded(name, 'up-down counter', ['updowncounter']), (meter) => meter.createUpDownCounter(name, options)),
    createGauge: (name, options) => pick(recorded(name, 'gauge', ['gauge', 'info']), (meter) => meter.createGauge(name, options)),
    createHistogram: (name, options) =>
      pick(recorded(name, 'histogram', ['histogram', 'summary']), (meter) => meter.createHistogram(name, options)),
    createObservableCounter: (name, options) =>
      pick<Observable>(observed(name, 'observable counter', ['counter']), (meter) => meter.createObservableCounter(name, options)),
    createObservableUpDownCounter: (name, options) =>
      pick<Observable>(observed(name, 'observable up-down counter', ['updowncounter']), (meter) =>
        meter.createObservableUpDownCounter(name, options),
      ),
    createObservableGauge: (name, options) =>
      pick<Observable>(observed(name, 'observable gauge', ['gauge', 'info']), (meter) => meter.createObservableGauge(name, options)),
    addBatchObservableCallback(callback, observables) {
      const members = observables.flatMap((handle) => behind.get(handle) ?? []);
      const rest = observables.filter((handle) => !behind.has(handle));
      if (rest.length > 0) others.addBatchObservableCallback(callback, rest);
      if (members.length === 0) return;
      const detach = attach(members, async (put) => {
        const observe = (handle: Observable, value: number, attributes?: Attributes): void => {
          const one = behind.get(handle);
          if (one !== undefined) put(one, value, attributes);
        };
        await callback({ observe });
      });
      batches.push({ callback, of: observables, detach });
    },
    removeBatchObservableCallback(callback, observables) {
      const rest = observables.filter((handle) => !behind.has(handle));
      if (rest.length > 0) others.removeBatchObservableCallback(callback, rest);
      const at = batches.findIndex((batch) => batch.callback === callback && sameMembers(batch.of, observables));
      if (at >= 0) for (const { detach } of batches.splice(at, 1)) detach();
    },
  });
}

function sameMembers(a: readonly Observable[], b: readonly Observable[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

const handles = new WeakMap<Observed, Observable>();

/** The same instrument asked for twice is the same observable, so that a callback can be removed through either. */
function createObservable(one: Observed, attach: AttachCallback): Observable {
  const existing = handles.get(one);
  if (existing !== undefined) return existing;
  const detachers = new Map<ObservableCallback, () => void>();
  const observable: Observable = Object.freeze({
    addCallback(callback: ObservableCallback) {
      if (detachers.has(callback)) return;
      const detach = attach([one], async (put) => {
        await callback({ observe: (value, attributes) => put(one, value, attributes) });
      });
      detachers.set(callback, detach);
    },
    removeCallback(callback: ObservableCallback) {
      detachers.get(callback)?.();
      detachers.delete(callback);
    },
  });
  handles.set(one, observable);
  behind.set(observable, one);
  return observable;
}
