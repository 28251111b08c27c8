/**
 * For tests of components: what a component is given, with a record of what it has logged and counted, and a sink that gathers
 * batches.
 */
import { PassThrough } from 'node:stream';
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { copyBatch } from '../../formats/otlp/batch/copy-batch.ts';
import type { Consume, ExporterContext, ExtensionContext, ProcessorContext, ReceiverContext, Verdict } from '../component.ts';
import { defaultLimits } from '../limits.ts';
import { createMemoryBudget } from '../memory/budget.ts';
import { batchTree, type ResourceTree } from './batch-tree.ts';

export interface Gathered {
  readonly consume: Consume;
  /** What has come, in order; copies. */
  readonly batches: readonly Batch[];
  /** All that has come, as objects. */
  trees(): readonly ResourceTree[];
}

/** A sink for `given.next`. @param verdict what it returns; default: it accepts everything */
export function gather(verdict?: Verdict): Gathered {
  const batches: Batch[] = [];
  return Object.freeze({
    batches,
    consume(batch: Batch) {
      batches.push(copyBatch(batch));
      return verdict;
    },
    trees: () => batches.flatMap(batchTree),
  });
}

/** Fits every kind of component. */
export interface TestComponentContext extends ReceiverContext, ProcessorContext, ExporterContext, ExtensionContext {
  /** Lines of the log: `warn: …`. */
  readonly lines: readonly string[];
  /** Each call of `refusal`. */
  readonly refusals: readonly { readonly kind: string; readonly message: string; readonly times: number }[];
  /** Points by what the receiver has reported of them. */
  readonly counted: Readonly<Record<'accepted' | 'refused' | 'failed', number>>;
  /** What `filtered` was called with. */
  readonly dropped: readonly number[];
  /** What `fail` was called with. */
  readonly failures: readonly Error[];
}

/** @param next where a receiver's or processor's batches go; default: nowhere */
export function testComponentContext(next: Consume = () => undefined): TestComponentContext {
  const lines: string[] = [];
  const refusals: { kind: string; message: string; times: number }[] = [];
  const dropped: number[] = [];
  const failures: Error[] = [];
  const counted = { accepted: 0, refused: 0, failed: 0 };
  const write = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const count = (what: keyof typeof counted) => (_transport: unknown, points: number) => {
    counted[what] += points;
  };
  return Object.freeze({
    id: 'test',
    next,
    lines,
    refusals,
    dropped,
    failures,
    counted,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    refusal: (kind: string, message: string, times = 1) => void refusals.push({ kind, message, times }),
    listening: (where: string) => void lines.push(`listening: ${where}`),
    fail: (error: Error) => void failures.push(error),
    clock: Date.now,
    limits: defaultLimits,
    memory: createMemoryBudget(defaultLimits.maxMemory),
    accepted: count('accepted'),
    refused: count('refused'),
    failed: count('failed'),
    filtered: (points: number) => void dropped.push(points),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    observed: () => {},
    queues: () => ({ sent() {}, failed() {}, enqueueFailed() {} }),
    reload: undefined,
  });
}
