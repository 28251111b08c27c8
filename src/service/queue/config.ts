/** The keys of a sending queue and its attempts. */
import {
  componentId,
  duration,
  flag,
  type Infer,
  notSupported,
  number,
  oneOf,
  optional,
  section,
  wholeNumber,
} from '../../core/config/schema/index.ts';
import type { Batching } from '../component.ts';

export const retryOnFailure = section(
  {
    enabled: flag({ default: true }),
    initial_interval: duration({ default: '5s' }),
    /** The share of a pause by which it is randomly shorter or longer. */
    randomization_factor: number({ default: 0.5, max: 1 }),
    /** Each pause is longer than the last by so much. */
    multiplier: number({ default: 1.5 }),
    max_interval: duration({ default: '30s' }),
    /** How long a request is tried; 0: for ever. */
    max_elapsed_time: duration({ default: '300s' }),
  },
  (settings, on) => {
    const { max_elapsed_time: most, initial_interval: first, max_interval: longest } = settings;
    if (!settings.enabled) return;
    if (most > 0 && most < first)
      on.refuse('max_elapsed_time', `${most} ms`, 'it is at least initial_interval', 'raise it, or write 0 to try for ever');
    else if (most > 0 && most < longest)
      on.refuse('max_elapsed_time', `${most} ms`, 'it is at least max_interval', 'raise it, or write 0 to try for ever');
  },
);

const batchSection = section(
  {
    /** How long points wait for others. */
    flush_timeout: duration({ default: '200ms' }),
    /** A request is sent once it has so much, in the unit of `sizer`. */
    min_size: wholeNumber({ default: 8_192 }),
    /** A request has at most so much; 0: no limit. */
    max_size: wholeNumber({ default: 0 }),
    /** Absent: the queue's, which then is no count of requests, or `items`. */
    sizer: optional(oneOf(['items', 'bytes'], { refused: { requests: 'a request of its own has no size in requests' } })),
    partition: section({ metadata_keys: notSupported('leave it out: nothing here reads client metadata of requests') }),
  },
  ({ flush_timeout: wait, min_size: least, max_size: most }, on) => {
    if (wait <= 0) on.refuse('flush_timeout', '0s', 'it is longer than 0s', 'write 200ms');
    if (most > 0 && most < least)
      on.refuse('max_size', String(most), `it is at least min_size, which is ${least}`, 'raise it, or write 0');
  },
);

export const sendingQueue = section(
  {
    enabled: flag({ default: true }),
    /** How much may wait or be on its way, in the unit of `sizer`. */
    queue_size: wholeNumber({ default: 1_000, min: 1 }),
    /** `items` are points; `bytes` are those of protobuf, before compression. */
    sizer: oneOf(['requests', 'items', 'bytes'], { default: 'requests' }),
    /** Requests that are sent at a time. */
    num_consumers: wholeNumber({ default: 10, min: 1, max: 1_000 }),
    /** Senders wait where the queue is full. */
    block_on_overflow: flag({ default: false }),
    /** Senders wait until their points were sent. */
    wait_for_result: flag({ default: false }),
    /** Absent: each request is sent as it came. */
    batch: optional(batchSection),
    /** The extension that keeps what waits on disk. Absent: it is in memory. */
    storage: optional(componentId()),
  },
  ({ queue_size: size, sizer, batch, storage, enabled, wait_for_result: waits }, on) => {
    if (enabled && waits && storage !== undefined)
      on.refuse('wait_for_result', 'true', 'a queue with storage does not support it', 'leave out wait_for_result, or storage');
    if (batch === undefined) return;
    if (batchSizer(batch.sizer, sizer) === sizer && batch.min_size > size)
      on.refuse(
        'batch.min_size',
        String(batch.min_size),
        `it is at most queue_size, which is ${size}`,
        'lower it, or raise queue_size',
      );
  },
  // Beside a sizer of the queue that is written, the Collector does not use the default.
  ({ batch, ...rest }) =>
    batch === undefined ? rest : { ...rest, batch: { ...batch, sizer: batchSizer(batch.sizer, rest.sizer) } },
);

/** The unit in which requests are put together. */
export function batchSizer(own: 'items' | 'bytes' | undefined, ofQueue: 'requests' | 'items' | 'bytes'): 'items' | 'bytes' {
  return own ?? (ofQueue === 'requests' ? 'items' : ofQueue);
}

/** The settings of a queue that also does what a processor was to do; its own keys of `batch` go first. */
export function batchingSettings(queue: QueueSettings, batching: Batching | undefined): QueueSettings {
  if (batching === undefined || queue.batch !== undefined) return queue;
  const { timeoutMs, minPoints, maxPoints } = batching;
  const batch = {
    flush_timeout: timeoutMs,
    min_size: timeoutMs === 0 ? 0 : minPoints,
    max_size: maxPoints,
    sizer: 'items' as const,
    partition: {},
  };
  return { ...queue, batch };
}

export type QueueSettings = Infer<typeof sendingQueue>;
export type RetrySettings = Infer<typeof retryOnFailure>;
