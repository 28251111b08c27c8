/** Observable instruments of the OpenTelemetry API for observed metrics, with their callbacks and batch callbacks. */
import type { Attributes, BatchObservableCallback, Observable, ObservableCallback } from '@opentelemetry/api';
import type { Observed } from '../observed/observed.ts';
import type { AttachCallback } from './callbacks.ts';

export interface Observables {
  /** Returns the same observable for the same metric, so that you can remove a callback through either. */
  observable(one: Observed): Observable;
  /** Returns the observables of other providers. */
  addBatch(callback: BatchObservableCallback, observables: readonly Observable[]): Observable[];
  /** Returns the observables of other providers. */
  removeBatch(callback: BatchObservableCallback, observables: readonly Observable[]): Observable[];
}

/** Ignores new callbacks once `isClosed`. */
export function createObservables(attach: AttachCallback, isClosed: () => boolean): Observables {
  const behind = new WeakMap<Observable, Observed>();
  const handles = new WeakMap<Observed, Observable>();
  const batches: { callback: BatchObservableCallback; of: readonly Observable[]; detach: () => void }[] = [];

  function create(one: Observed): Observable {
    const detachers = new Map<ObservableCallback, () => void>();
    return Object.freeze({
      addCallback(callback: ObservableCallback) {
        if (isClosed() || detachers.has(callback)) return;
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
  }

  function find(callback: BatchObservableCallback, observables: readonly Observable[]): number {
    return batches.findIndex((batch) => batch.callback === callback && sameMembers(batch.of, observables));
  }

  return Object.freeze<Observables>({
    observable(one) {
      let handle = handles.get(one);
      if (handle === undefined) {
        handle = create(one);
        handles.set(one, handle);
        behind.set(handle, one);
      }
      return handle;
    },
    addBatch(callback, observables) {
      const members = observables.flatMap((handle) => behind.get(handle) ?? []);
      // Registering the same callback with the same instruments again has no effect (Metrics API).
      if (!isClosed() && members.length > 0 && find(callback, observables) < 0) {
        const detach = attach(members, async (put) => {
          const observe = (handle: Observable, value: number, attributes?: Attributes): void => {
            const one = behind.get(handle);
            if (one !== undefined) put(one, value, attributes);
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

function sameMembers(a: readonly Observable[], b: readonly Observable[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
