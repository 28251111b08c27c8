/**
 * What stands above streams: resources, their scopes, the metrics of these. Each is there while a stream of it is. They are few compared with streams, so
 * they are objects.
 */

import type { Group } from './groups.ts';
import type { NamedMetric, NamedScope, Target } from './names/index.ts';
import type { Rule } from './rules.ts';
import type { Sibling, Siblings } from './siblings.ts';

export interface ResourceNode extends Sibling<ResourceNode> {
  readonly kind: 'resource';
  /** Its `Resource` message. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly scopes: Siblings<ScopeNode>;
  readonly target: Target;
  streams: number;
  /** A series of it has been shown. */
  entered: boolean;
  /** It was told that the resource has as many series as one may have. */
  limited: boolean;
  /** It was told that another resource writes to the same series. */
  met: boolean;
  /** It was told that deltas of it overlap. */
  overlaps: boolean;
}

export interface ScopeNode extends Sibling<ScopeNode> {
  readonly kind: 'scope';
  readonly resource: ResourceNode;
  /** Its `InstrumentationScope` message, and behind it the schema URL. */
  readonly view: DataView;
  readonly scopeLength: number;
  readonly metrics: Siblings<MetricNode>;
  readonly named: NamedScope;
}

export interface MetricNode extends Sibling<MetricNode> {
  readonly kind: 'metric';
  /** What streams know it by. */
  readonly number: number;
  readonly scope: ScopeNode;
  readonly name: string;
  /** Its name, unit and metadata, one behind the other. */
  readonly view: DataView;
  readonly nameLength: number;
  readonly unitLength: number;
  /** As in `batch-index.ts`. */
  readonly typeNumber: number;
  readonly temporality: number;
  readonly monotonic: number;
  readonly rule: Rule;
  readonly labels: NamedMetric['labels'];
  readonly group: Group;
  streams: number;
  /** The stream that came last. */
  lastStream: number;
  /** It was told that a stream of it has two writers. */
  contested: boolean;
}
