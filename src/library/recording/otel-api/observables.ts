/** Observable instruments of the OpenTelemetry API for observed metrics, with their callbacks and batch callbacks. */
import type { Attributes, BatchObservableCallback, Observable, ObservableCallback } from '@opentelemetry/api';
import { valueRule } from '../../../core/store/index.ts';
import type { Put } from '../observed/callback-run.ts';
import type { Observed } from '../observed/observed.ts';
import type { AttachCallback } from './callbacks.ts';

export interface Observables {
  /**
   * Returns the same observable for the same metrics, so that you can remove a callback through either. Each of them gets what is
   * observed: views may make several metrics of an instrument, or none.
   */
  observable(metrics: readonly Observed[]): Observable;
  /** Returns the observables of other providers. */
  addBatch(callback: BatchObservableCallback, observables: readonly Observable[]): Observable[];
  /** Returns the observables of other providers. */
  removeBatch(callback: BatchObservableCallback, observables: readonly Observable[]): Observable[];
}

/** Ignores new callbacks once `isClosed`. */
export function createObservables(attach: AttachCallback, isClosed: () => boolean): Observables {
  const behind = new WeakMap<Observable, readonly Observed[]>();
  /** By the first of the metrics; where there are none, by their list. */
  const handles = new WeakMap<object, Observable>();
  const batches: { callback: BatchObservableCallback; of: readonly Observable[]; detach: () => void }[] = [];

  function create(metrics: readonly Observed[]): Observable {
    const detachers = new Map<ObservableCallback, () => void>();
    return Object.freeze({
      addCallback(callback: ObservableCallback) {
        if (isClosed() || detachers.has(callback)) return;
        const detach = attach(metrics, async (put) => {
          await callback({ observe: (value, attributes) => putAll(put, metrics, value, attributes) });
        });
        detachers.set(callback, detach);
      },
      removeCallback(callback: ObservableCallback) {
        detachers.get(callback)?.();
        detachers.delete(callback);
      },
    });
  }

  function find(callback: BatchObservableCallback, observables: readonly Observable[]): number {
    return batches.findIndex((batch) => batch.callback === callback && sameMembers(batch.of, observables));
  }

  return Object.freeze<Observables>({
    observable(metrics) {
      const [key = metrics] = metrics;
      let handle = handles.get(key);
      if (handle === undefined) {
        handle = create(metrics);
        handles.set(key, handle);
        behind.set(handle, metrics);
      }
      return handle;
    },
    addBatch(callback, observables) {
      const members = observables.flatMap((handle) => behind.get(handle) ?? []);
      // Registering the same callback with the same instruments again has no effect (Metrics API).
      if (!isClosed() && members.length > 0 && find(callback, observables) < 0) {
        const detach = attach(members, async (put) => {
          const observe = (handle: Observable, value: number, attributes?: Attributes): void => {
            putAll(put, behind.get(handle) ?? [], value, attributes);
          };
          await callback({ observe });
        });
        batches.push({ callback, of: [...observables], detach });
      }
      return observables.filter((handle) => !behind.has(handle));
    },
    removeBatch(callback, observables) {
      const at = find(callback, observables);
      if (at >= 0) for (const { detach } of batches.splice(at, 1)) detach();
      return observables.filter((handle) => !behind.has(handle));
    },
  });
}

/** A value that is none of the instrument is refused and counted once, not for each metric. */
function putAll(put: Put, [first, ...others]: readonly Observed[], value: number, attributes: Attributes | undefined): void {
  if (first === undefined) return;
  put(first, value, attributes);
  if (others.length === 0 || !valueRule(first.accepts ?? first.metric.kind)(value)) return;
  for (const one of others) put(one, value, attributes);
}

function sameMembers(a: readonly Observable[], b: readonly Observable[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
