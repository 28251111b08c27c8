/** Holds batches back from an exporter that a reload starts only once another one has left its address. */
import { batchBytes, copyBatch } from '../../formats/otlp/batch/copy-batch.ts';
import type { Consume, Verdict } from '../component.ts';

/** Beyond that, senders are asked to send again: 64 MiB. */
const mostBytes = 67_108_864;
const again = 'the service is reloading its configuration';

export interface Gate {
  readonly consume: Consume;
  /** From here on batches wait, and so do their senders. */
  shut(): void;
  /** Hands on what waits, and what comes. @param to another node, instead of one that did not start */
  open(to?: Consume): void;
  /** Lets what waits, and what comes until it opens, be sent again. */
  refuse(): void;
}

export function createGate(own: Consume): Gate {
  let consume = own;
  let state: 'open' | 'shut' | 'refuses' = 'open';
  let passed = Promise.withResolvers<void>();
  let bytes = 0;

  function held(batch: Parameters<Consume>[0]): ReturnType<Consume> {
    const refusal = { points: batch.points, why: again, retryable: true };
    if (state === 'refuses' || bytes + batch.bytes.length > mostBytes) return refusal;
    const copy = copyBatch(batch);
    const size = batchBytes(copy);
    bytes += size;
    return passed.promise.then((): Verdict | Promise<Verdict> => {
      bytes -= size;
      return state === 'refuses' ? refusal : consume(copy);
    });
  }

  function pass(to: 'open' | 'refuses'): void {
    state = to;
    passed.resolve();
    passed = Promise.withResolvers();
  }

  return Object.freeze({
    consume: (batch: Parameters<Consume>[0]) => (state === 'open' ? consume(batch) : held(batch)),
    shut() {
      state = 'shut';
    },
    open(to = own) {
      consume = to;
      pass('open');
    },
    refuse: () => pass('refuses'),
  });
}
