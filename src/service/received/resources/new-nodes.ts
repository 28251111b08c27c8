/** Makes the nodes of a resource tree, as far as there is memory for them. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from '../../../formats/otlp/batch/batch-index.ts';
import type { RefusedReason } from '../memory.ts';
import type { NotShown, ReceivedMetric, SeriesNames } from '../names/index.ts';
import { ruleOf } from '../streams/rules.ts';
import type { Groups } from './groups.ts';
import { type NodeKey, rangeOf } from './node-key.ts';
import type { NodeLabels } from './node-labels.ts';
import type { NodeTable } from './node-table.ts';
import type { KnownMetric, KnownResource, KnownScope, Node } from './nodes.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a node takes of the heap, its `target_info` and its group aside. */
export const nodeHeapBytes = 130;

/** By the number that an index has for a type. */
export const typeNames: Readonly<Record<number, ReceivedMetric['type']>> = {
  [metricType.gauge]: 'gauge',
  [metricType.sum]: 'sum',
  [metricType.histogram]: 'histogram',
  [metricType.exponentialHistogram]: 'exponentialHistogram',
  [metricType.summary]: 'summary',
};

const unshown = {
  temporality_unspecified: Object.freeze<NotShown>({ reason: 'temporality_unspecified' }),
  delta_not_monotonic: Object.freeze<NotShown>({ reason: 'delta_not_monotonic' }),
};

export interface NewNodesParts {
  readonly names: SeriesNames;
  readonly groups: Groups;
  /** Resources and scopes, at most. */
  readonly most: number;
  /** Whether there is no memory for so many bytes more, on the heap and in buffers. */
  readonly full: (heap: number, bytes: number) => boolean;
}

export class NewNodes {
  /** Those that were made since the tree looked for nodes without streams. */
  readonly fresh: Node[] = [];
  /** Resources and scopes that there are. */
  parents = 0;
  private readonly parts: NewNodesParts;
  private readonly table: NodeTable;
  private readonly labels: NodeLabels;

  constructor(parts: NewNodesParts, table: NodeTable, labels: NodeLabels) {
    this.parts = parts;
    this.table = table;
    this.labels = labels;
  }

  resource(siblings: { count: number }, hash: number, { bytes, index }: Batch, at: number): KnownResource | RefusedReason {
    if (this.parents >= this.parts.most) return 'resource_limit';
    const from = index[at + resourceAt.from] as number;
    const number = this.numberFor(hash, 0, bytes, from, (index[at + resourceAt.to] as number) - from);
    if (typeof number === 'string') return number;
    this.parents++;
    const marks = { streams: 0, labelBytes: 0, entered: false, limited: false, conflicts: false, overlaps: false };
    return this.added({ kind: 'resource', number, next: undefined, live: true, count: 0, last: undefined, ...marks }, siblings);
  }

  scope(resource: KnownResource, hash: number, key: NodeKey, { index }: Batch, at: number): KnownScope | RefusedReason {
    if (this.parents >= this.parts.most) return 'resource_limit';
    const number = this.numberFor(hash, resource.number, key.bytes, 0, key.length);
    if (typeof number === 'string') return number;
    this.parents++;
    const scopeLength = (index[at + scopeAt.to] as number) - (index[at + scopeAt.from] as number);
    return this.added(
      { kind: 'scope', number, next: undefined, live: true, count: 0, last: undefined, resource, scopeLength },
      resource,
    );
  }

  metric(scope: KnownScope, hash: number, key: NodeKey, batch: Batch, at: number): KnownMetric | NotShown | RefusedReason {
    const { labels } = this;
    const { names, groups, full } = this.parts;
    const { bytes, index } = batch;
    const typeNumber = index[at + metricAt.type] as number;
    const temporality = index[at + metricAt.temporality] as number;
    const monotonic = index[at + metricAt.monotonic] as number;
    const rule = ruleOf(typeNumber, temporality, monotonic === 1);
    if (rule === 'temporality_unspecified' || rule === 'delta_not_monotonic') return unshown[rule];
    const head = headOf(batch, at);
    if (full(nodeHeapBytes + 2 * (head.name.length + head.description.length), key.length)) return 'memory_limit';
    const named = names.metric(labels.target(scope.resource), labels.scope(scope), head);
    if ('reason' in named) return named;
    const number = this.numberFor(hash, scope.number, key.bytes, 0, key.length);
    if (typeof number === 'string') {
      named.claimed.release();
      return number;
    }
    const node: KnownMetric = {
      kind: 'metric',
      number,
      next: undefined,
      live: true,
      scope,
      typeNumber,
      temporality,
      monotonic,
      nameLength: rangeOf(bytes, index, at + metricAt.nameFrom).length,
      unitLength: rangeOf(bytes, index, at + metricAt.unitFrom).length,
      rule,
      group: groups.of(named.claimed),
      labelBytes: named.labelBytes,
      streams: 0,
      lastStream: 0,
      contested: false,
      joins: false,
    };
    labels.keep(node, named.labels);
    return this.added(node, scope);
  }

  /** A number for a node that is new, or why there is none. */
  private numberFor(hash: number, owner: number, bytes: Uint8Array, at: number, length: number): number | RefusedReason {
    if (this.parts.full(nodeHeapBytes, length)) return 'memory_limit';
    const number = this.table.add(hash, owner, bytes, at, length);
    return number === 0 ? 'no_room' : number;
  }

  private added<N extends Node>(node: N, siblings: { count: number }): N {
    this.table.set(node);
    siblings.count++;
    this.fresh.push(node);
    return node;
  }
}

function headOf({ bytes, index }: Batch, at: number): ReceivedMetric {
  return {
    name: decoder.decode(rangeOf(bytes, index, at + metricAt.nameFrom)),
    unit: decoder.decode(rangeOf(bytes, index, at + metricAt.unitFrom)),
    description: decoder.decode(rangeOf(bytes, index, at + metricAt.descriptionFrom)),
    type: typeNames[index[at + metricAt.type] as number] as ReceivedMetric['type'],
    monotonic: index[at + metricAt.monotonic] === 1,
    metadata: rangeOf(bytes, index, at + metricAt.metadataFrom),
  };
}
