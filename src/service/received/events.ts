/** What is worth a line in a log, once. Plain data: the owner of a log puts it in words. */

import type { Limited } from './memory.ts';

export type ReceivedEvent =
  /**
   * Streams of two resources become one series, so that one overwrites the other: reported once a resource. Fix: give each its
   * own `service.instance.id`. Both resources are `Resource` messages.
   */
  | { readonly type: 'conflict'; readonly name: string; readonly resource: Uint8Array; readonly other: Uint8Array }
  /**
   * Two streams of one resource are one series, because their attributes are the same labels: reported once a metric of a
   * resource. They add up, or the newer value is shown. `streams`: the one that came first, and the other one.
   */
  | {
      readonly type: 'joined';
      readonly name: string;
      readonly resource: Uint8Array;
      readonly streams: readonly [JoinedStream, JoinedStream];
      readonly adds: boolean;
    }
  /** A stream has two writers: reported once a metric of a resource. */
  | { readonly type: 'contested'; readonly name: string; readonly resource: Uint8Array }
  /**
   * A delta is not added, because its time is not after that of the deltas that were: reported once a resource. Two writers send
   * one stream, or one sends a request again.
   */
  | { readonly type: 'overlap'; readonly name: string; readonly resource: Uint8Array }
  /**
   * A point is not exposed, because a counter's value is NaN or negative, or an exponential histogram has no sum: reported once a
   * name.
   */
  | { readonly type: 'not_a_count' | 'no_sum'; readonly name: string; readonly resource: Uint8Array }
  /**
   * There is no memory for the totals of all series of deltas that expired, so that some begin anew: reported once. `limit`: of
   * memory.
   */
  | { readonly type: 'forgotten'; readonly limit: number; readonly name: string }
  /** What is new is rejected from now on: reported again if something was accepted in between. `name`: of the first metric. */
  | { readonly type: Limited; readonly limit: number; readonly name: string; readonly resource: Uint8Array };

export interface JoinedStream {
  /** `KeyValue` fields, tag and length included, one behind the other. */
  readonly attributes: Uint8Array;
  /** Its scope, in words. */
  readonly scope: string;
}

export type TellReceived = (event: ReceivedEvent) => void;
