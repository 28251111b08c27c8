/**
 * The parents of streams: resources, their scopes, the metrics of these. Each exists while a stream of it does. They are objects
 * of a few fields: what identifies them is in the table of nodes, and what labels are made of is worked out again where a series
 * is new.
 */

import type { Rule } from '../streams/rules.ts';
import type { Group } from './groups.ts';
import type { Sibling, Siblings } from './siblings.ts';

interface Numbered {
  /** In the table of nodes. */
  readonly number: number;
}

/** Its key is its `Resource` message. As a parent, its children are its scopes. */
export interface KnownResource extends Sibling<KnownResource>, Siblings<KnownScope>, Numbered {
  readonly kind: 'resource';
  streams: number;
  /** Bytes of the labels of its series. */
  labelBytes: number;
  /** A series of it has been shown. */
  entered: boolean;
  /** It was reported that the resource has as much as one may have. */
  limited: boolean;
  /** It was reported that another resource writes to the same series. */
  conflicts: boolean;
  /** It was reported that deltas of it overlap. */
  overlaps: boolean;
}

/** Its key is a length, its `InstrumentationScope` message of that length, and the schema URL. Its children are its metrics. */
export interface KnownScope extends Sibling<KnownScope>, Siblings<KnownMetric>, Numbered {
  readonly kind: 'scope';
  readonly resource: KnownResource;
  readonly scopeLength: number;
}

/** Its key is all numbers from `typeNumber` on, and its name, unit and metadata. Streams know it by its number. */
export interface KnownMetric extends Sibling<KnownMetric>, Numbered {
  readonly kind: 'metric';
  readonly scope: KnownScope;
  /** As in `batch-index.ts`. */
  readonly typeNumber: number;
  readonly temporality: number;
  readonly monotonic: number;
  readonly nameLength: number;
  readonly unitLength: number;
  readonly rule: Rule;
  readonly group: Group;
  /** Bytes of the labels that all its series have, beside their attributes. */
  readonly labelBytes: number;
  streams: number;
  /** The stream that came last. */
  lastStream: number;
  /** It was reported that a stream of it has two writers. */
  contested: boolean;
  /** It was reported that a stream of it is one series with another one of its resource. */
  joins: boolean;
}

export type Node = KnownResource | KnownScope | KnownMetric;
