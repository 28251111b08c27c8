/** Finds resources, scopes and metrics of a batch, makes those that are new, and lets go of those that have no stream any more. */
import type { Batch } from '../../otlp/batch/batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from '../../otlp/batch/batch-index.ts';
import type { RefusedReason } from '../memory.ts';
import type { NotShown, ReceivedMetric, SeriesNames } from '../names/index.ts';
import { ruleOf } from '../streams/rules.ts';
import type { Groups } from './groups.ts';
import { keyStart, NodeKey, rangeOf } from './node-key.ts';
import { createNodeLabels, type NodeLabels } from './node-labels.ts';
import { NodeTable } from './node-table.ts';
import type { KnownMetric, KnownResource, KnownScope, Node } from './nodes.ts';
import { came, expected, leave, type Siblings } from './siblings.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a node takes of the heap, its `target_info` and its group aside. */
const nodeHeapBytes = 130;

const typeNames: Readonly<Record<number, ReceivedMetric['type']>> = {
  [metricType.gauge]: 'gauge',
  [metricType.sum]: 'sum',
  [metricType.histogram]: 'histogram',
  [metricType.exponentialHistogram]: 'exponentialHistogram',
  [metricType.summary]: 'summary',
};

export interface Tree {
  /** Why it is refused, where it is one more than there may be. Nothing is made of it then. */
  resource(batch: Batch, at: number): KnownResource | RefusedReason;
  scope(resource: KnownResource, batch: Batch, at: number): KnownScope | RefusedReason;
  metric(scope: KnownScope, batch: Batch, at: number): KnownMetric | NotShown | RefusedReason;
  readonly labels: NodeLabels;
  /** By the number that streams know it by. */
  numbered(number: number): KnownMetric;
  /** A resource's message, a copy. */
  bytesOf(resource: KnownResource): Uint8Array;
  /** One has no stream: it leaves, and what is above it when it was the last. */
  release(metric: KnownMetric): void;
  /** What was made since the last call and has got no stream leaves. */
  prune(): void;
  /** A series of the resource is shown. */
  enter(resource: KnownResource): void;
  /** Bytes that it takes, on the heap and in buffers. */
  readonly heap: number;
  readonly bytes: number;
}

export interface TreeParts {
  readonly names: SeriesNames;
  readonly groups: Groups;
  /** Resources and scopes, at most. */
  readonly most: number;
  /** Whether there is no memory for so many bytes more, on the heap and in buffers. */
  readonly full: (heap: number, bytes: number) => boolean;
}

export function createResourceTree({ names, groups, most, full }: TreeParts): Tree {
  const table = new NodeTable();
  const labels = createNodeLabels(names, table);
  const resources: Siblings<KnownResource> = { count: 0, last: undefined };
  const fresh: Node[] = [];
  const key = new NodeKey();
  /** Resources and scopes. */
  let parents = 0;

  /** A number for a node that is new, or why there is none. */
  function numberFor(hash: number, owner: number, bytes: Uint8Array, at: number, length: number): number | RefusedReason {
    if (full(nodeHeapBytes, length)) return 'memory_limit';
    const number = table.add(hash, owner, bytes, at, length);
    return number === 0 ? 'no_room' : number;
  }

  function added<N extends Node>(node: N, siblings: { count: number }): N {
    table.set(node);
    siblings.count++;
    fresh.push(node);
    return node;
  }

  function addResource(hash: number, { bytes, index }: Batch, at: number): KnownResource | RefusedReason {
    if (parents >= most) return 'resource_limit';
    const from = index[at + resourceAt.from] as number;
    const number = numberFor(hash, 0, bytes, from, (index[at + resourceAt.to] as number) - from);
    if (typeof number === 'string') return number;
    parents++;
    const marks = { streams: 0, labelBytes: 0, entered: false, limited: false, conflicts: false, overlaps: false };
    return added({ kind: 'resource', number, next: undefined, live: true, count: 0, last: undefined, ...marks }, resources);
  }

  function addScope(resource: KnownResource, hash: number, { index }: Batch, at: number): KnownScope | RefusedReason {
    if (parents >= most) return 'resource_limit';
    const number = numberFor(hash, resource.number, key.bytes, 0, key.length);
    if (typeof number === 'string') return number;
    parents++;
    const scopeLength = (index[at + scopeAt.to] as number) - (index[at + scopeAt.from] as number);
    return added({ kind: 'scope', number, next: undefined, live: true, count: 0, last: undefined, resource, scopeLength }, resource);
  }

  function addMetric(scope: KnownScope, hash: number, batch: Batch, at: number): KnownMetric | NotShown | RefusedReason {
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
    const number = numberFor(hash, scope.number, key.bytes, 0, key.length);
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
    };
    labels.keep(node, named.labels);
    return added(node, scope);
  }

  function remove<N extends Node>(siblings: Siblings<N>, node: N & Siblings<N>['last']): void {
    leave(siblings as Siblings<never>, node as never);
    labels.forget(node);
    table.remove(node.number);
  }

  function release(metric: KnownMetric): void {
    const { scope } = metric;
    remove(scope, metric);
    metric.group.claimed.release();
    if (scope.count === 0) releaseScope(scope);
  }

  function releaseScope(scope: KnownScope): void {
    remove(scope.resource, scope);
    parents--;
    if (scope.resource.count === 0) releaseResource(scope.resource);
  }

  function releaseResource(resource: KnownResource): void {
    if (resource.entered) names.targets.left(resource, labels.target(resource), labels.target);
    remove(resources, resource);
    parents--;
  }

  function pruneOne(node: Node): void {
    if (!node.live) return;
    if (node.kind === 'metric' && node.streams === 0) release(node);
    else if (node.kind === 'scope' && node.count === 0) releaseScope(node);
    else if (node.kind === 'resource' && node.count === 0) releaseResource(node);
  }

  return Object.freeze<Tree>({
    resource(batch, at) {
      const { index, view } = batch;
      const from = index[at + resourceAt.from] as number;
      const length = (index[at + resourceAt.to] as number) - from;
      const next = expected(resources);
      if (next !== undefined && table.is(next.number, view, from, length)) return came(resources, next);
      const hash = table.hashOf(0, view, from, length);
      const resource = (table.find(hash, 0, view, from, length) as KnownResource | undefined) ?? addResource(hash, batch, at);
      return typeof resource === 'string' ? resource : came(resources, resource);
    },
    scope(resource, batch, at) {
      const next = expected(resource);
      if (next !== undefined && isScope(table, next, batch, at)) return came(resource, next);
      key.scope(batch, at);
      const hash = table.hashOf(resource.number, key.view, 0, key.length);
      const found = table.find(hash, resource.number, key.view, 0, key.length) as KnownScope | undefined;
      const scope = found ?? addScope(resource, hash, batch, at);
      return typeof scope === 'string' ? scope : came(resource, scope);
    },
    metric(scope, batch, at) {
      const next = expected(scope);
      if (next !== undefined && isMetric(table, next, batch, at)) return came(scope, next);
      key.metric(batch, at);
      const hash = table.hashOf(scope.number, key.view, 0, key.length);
      const found = table.find(hash, scope.number, key.view, 0, key.length) as KnownMetric | undefined;
      const metric = found ?? addMetric(scope, hash, batch, at);
      return typeof metric === 'string' || 'reason' in metric ? metric : came(scope, metric);
    },
    labels,
    numbered: (number) => table.node(number) as KnownMetric,
    bytesOf: ({ number }) => new Uint8Array(table.key(number)),
    release,
    prune() {
      // From the end: metrics first, then what is above them.
      for (let index = fresh.length - 1; index >= 0; index--) pruneOne(fresh[index] as Node);
      fresh.length = 0;
    },
    enter(resource) {
      if (resource.entered) return;
      resource.entered = true;
      names.targets.entered(resource, labels.target(resource));
    },
    get heap() {
      return table.size * nodeHeapBytes;
    },
    get bytes() {
      return table.bytes;
    },
  });
}

const unshown = {
  temporality_unspecified: Object.freeze<NotShown>({ reason: 'temporality_unspecified' }),
  delta_not_monotonic: Object.freeze<NotShown>({ reason: 'delta_not_monotonic' }),
};

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

/** Whether the range in the `column` of the index is the `length` bytes of a key from `offset` on. */
function sameRange(table: NodeTable, { number }: Node, offset: number, length: number, { view, index }: Batch, column: number): boolean {
  const from = index[column] as number;
  return (index[column + 1] as number) - from === length && table.has(number, offset, view, from, length);
}

function isScope(table: NodeTable, scope: KnownScope, batch: Batch, at: number): boolean {
  const { number, scopeLength } = scope;
  const url = keyStart.scope + scopeLength;
  return (
    sameRange(table, scope, keyStart.scope, scopeLength, batch, at + scopeAt.from) &&
    sameRange(table, scope, url, table.keyLength(number) - url, batch, at + scopeAt.schemaUrlFrom)
  );
}

function isMetric(table: NodeTable, metric: KnownMetric, batch: Batch, at: number): boolean {
  const { index } = batch;
  const { number, nameLength, unitLength } = metric;
  const unit = keyStart.metric + nameLength;
  const metadata = unit + unitLength;
  return (
    index[at + metricAt.type] === metric.typeNumber &&
    index[at + metricAt.temporality] === metric.temporality &&
    index[at + metricAt.monotonic] === metric.monotonic &&
    sameRange(table, metric, keyStart.metric, nameLength, batch, at + metricAt.nameFrom) &&
    sameRange(table, metric, unit, unitLength, batch, at + metricAt.unitFrom) &&
    sameRange(table, metric, metadata, table.keyLength(number) - metadata, batch, at + metricAt.metadataFrom)
  );
}
