/**
 * Instruments of the SDK that refuse what is no value of theirs. The SDK takes NaN and infinities, one of which costs a series
 * all that was recorded.
 */
import type { Attributes, BatchObservableCallback, Meter, Observable, ObservableCallback } from '@opentelemetry/api';
import { valueRule } from '../../../core/store/index.ts';
import type { AdmitEvent, OnAdmit } from '../../series/refusals.ts';
import type { Descriptor } from '../store-engine/uncontracted/descriptor.ts';

export type Recorded = ReturnType<Meter['createCounter']> & ReturnType<Meter['createHistogram']>;
type Batches = Pick<Meter, 'addBatchObservableCallback' | 'removeBatchObservableCallback'>;
type Accepts = (value: number) => boolean;

function judge({ name, kind }: Descriptor, onAdmit: OnAdmit): Accepts {
  const accepts = valueRule(kind);
  const refused: AdmitEvent = Object.freeze({ outcome: 'refused', reason: 'value', instrument: name });
  return (value) => {
    const accepted = accepts(value);
    if (!accepted) onAdmit(refused, value);
    return accepted;
  };
}

export function judgedRecorded(instrument: Recorded, descriptor: Descriptor, onAdmit: OnAdmit): Recorded {
  const accepts = judge(descriptor, onAdmit);
  const method = descriptor.kind === 'counter' || descriptor.kind === 'updowncounter' ? 'add' : 'record';
  const put: Recorded['add'] = (value, attributes, context) => {
    if (accepts(value)) instrument[method](value, attributes, context);
  };
  return Object.freeze({ [method]: put }) as unknown as Recorded;
}

/** The observable instruments of one meter, and its batch callbacks. */
export function judgedObservables(
  inner: Meter,
  onAdmit: OnAdmit,
): Batches & { of(instrument: Observable, descriptor: Descriptor): Observable } {
  const behind = new WeakMap<Observable, { readonly instrument: Observable; readonly accepts: Accepts }>();
  const callbacks = new WeakMap<BatchObservableCallback, BatchObservableCallback>();
  const innerOf = (handle: Observable): Observable => behind.get(handle)?.instrument ?? handle;

  function judgedBatch(callback: BatchObservableCallback): BatchObservableCallback {
    const known = callbacks.get(callback);
    if (known !== undefined) return known;
    const made: BatchObservableCallback = (result) =>
      callback({
        observe(handle: Observable, value: number, attributes?: Attributes) {
          if (behind.get(handle)?.accepts(value) ?? true) result.observe(innerOf(handle), value, attributes);
        },
      });
    callbacks.set(callback, made);
    return made;
  }

  return {
    of(instrument, descriptor) {
      const accepts = judge(descriptor, onAdmit);
      const judged = new WeakMap<ObservableCallback, ObservableCallback>();
      const handle = Object.freeze<Observable>({
        addCallback(callback) {
          const made: ObservableCallback =
            judged.get(callback) ??
            ((result) =>
              callback({ observe: (value, attributes) => void (accepts(value) && result.observe(value, attributes)) }));
          judged.set(callback, made);
          instrument.addCallback(made);
        },
        removeCallback(callback) {
          const made = judged.get(callback);
          if (made !== undefined) instrument.removeCallback(made);
        },
      });
      behind.set(handle, { instrument, accepts });
      return handle;
    },
    addBatchObservableCallback: (callback, handles) =>
      inner.addBatchObservableCallback(judgedBatch(callback), handles.map(innerOf)),
    removeBatchObservableCallback: (callback, handles) =>
      inner.removeBatchObservableCallback(judgedBatch(callback), handles.map(innerOf)),
  };
}
