/**
 * Finds resources, scopes and metrics of a batch, makes those that are new, and lets go of those that have no stream any more.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { resourceAt } from '../../../formats/otlp/batch/batch-index.ts';
import { viewOf } from '../../../formats/otlp/wire/same-bytes.ts';
import type { RefusedReason } from '../memory.ts';
import type { NotShown, SeriesNames } from '../names/index.ts';
import { isMetric, isScope } from './is-node.ts';
import { NewNodes, type NewNodesParts, nodeHeapBytes } from './new-nodes.ts';
import { NodeKey } from './node-key.ts';
import { createNodeLabels, type NodeLabels } from './node-labels.ts';
import { NodeTable } from './node-table.ts';
import type { KnownMetric, KnownResource, KnownScope, Node } from './nodes.ts';
import { came, expected, leave, type Sibling, type Siblings } from './siblings.ts';

export class ResourceTree {
  readonly labels: NodeLabels;
  private readonly names: SeriesNames;
  readonly table = new NodeTable();
  private readonly key = new NodeKey();
  private readonly resources: Siblings<KnownResource> = { count: 0, last: undefined };
  private readonly made: NewNodes;

  constructor(parts: NewNodesParts) {
    this.names = parts.names;
    this.labels = createNodeLabels(parts.names, this.table);
    this.made = new NewNodes(parts, this.table, this.labels);
  }

  /** Bytes that it takes, on the heap and in buffers. */
  get heap(): number {
    return this.table.size * nodeHeapBytes;
  }

  get bytes(): number {
    return this.table.bytes;
  }

  /** Why it is rejected, if it is one more than there may be. Nothing is made of it then. */
  resource(batch: Batch, at: number): KnownResource | RefusedReason {
    const { table, resources } = this;
    const { index, view } = batch;
    const from = index[at + resourceAt.from] as number;
    const length = (index[at + resourceAt.to] as number) - from;
    const next = expected(resources);
    if (next !== undefined && table.is(next.number, view, from, length)) return came(resources, next);
    const hash = table.hashOf(0, view, from, length);
    const found = table.find(hash, 0, view, from, length) as KnownResource | undefined;
    const resource = found ?? this.made.resource(resources, hash, batch, at);
    return typeof resource === 'string' ? resource : came(resources, resource);
  }

  scope(resource: KnownResource, batch: Batch, at: number): KnownScope | RefusedReason {
    const { table, key } = this;
    const next = expected(resource);
    if (next !== undefined && isScope(table, next, batch, at)) return came(resource, next);
    key.scope(batch, at);
    const hash = table.hashOf(resource.number, key.view, 0, key.length);
    const found = table.find(hash, resource.number, key.view, 0, key.length) as KnownScope | undefined;
    const scope = found ?? this.made.scope(resource, hash, key, batch, at);
    return typeof scope === 'string' ? scope : came(resource, scope);
  }

  metric(scope: KnownScope, batch: Batch, at: number): KnownMetric | NotShown | RefusedReason {
    const { table, key } = this;
    const next = expected(scope);
    if (next !== undefined && isMetric(table, next, batch, at)) return came(scope, next);
    key.metric(batch, at);
    const hash = table.hashOf(scope.number, key.view, 0, key.length);
    const found = table.find(hash, scope.number, key.view, 0, key.length) as KnownMetric | undefined;
    const metric = found ?? this.made.metric(scope, hash, key, batch, at);
    return typeof metric === 'string' || 'reason' in metric ? metric : came(scope, metric);
  }

  /** By the number that streams know it by. */
  numbered(number: number): KnownMetric {
    return this.table.node(number) as KnownMetric;
  }

  /** By its message. Undefined: no series is of it. */
  known(message: Uint8Array): KnownResource | undefined {
    const view = viewOf(message);
    return this.table.find(this.table.hashOf(0, view, 0, message.length), 0, view, 0, message.length) as
      | KnownResource
      | undefined;
  }

  /** A resource's message, a copy. */
  bytesOf({ number }: KnownResource): Uint8Array {
    return new Uint8Array(this.table.key(number));
  }

  /** A metric's scope, in words. */
  scopeOf({ scope }: KnownMetric): string {
    return this.labels.scope(scope).name;
  }

  /** A series of the resource is shown. */
  enter(resource: KnownResource): void {
    if (resource.entered) return;
    resource.entered = true;
    this.names.targets.entered(resource, this.labels.target(resource));
  }

  /** Whether `target_info` shows the resource's attributes, not those of another one with the same `job` and `instance`. */
  isShownTarget(resource: KnownResource): boolean {
    return resource.entered && this.names.targets.shows(resource, this.labels.target(resource));
  }

  /** One has no stream: it leaves, and what is above it when it was the last. */
  release(metric: KnownMetric): void {
    const { scope } = metric;
    this.remove(scope, metric);
    metric.group.claimed.release();
    if (scope.count === 0) this.releaseScope(scope);
  }

  /** What was made since the last call and has got no stream leaves. */
  prune(): void {
    const { fresh } = this.made;
    // From the end: metrics first, then what is above them.
    for (let index = fresh.length - 1; index >= 0; index--) this.pruneOne(fresh[index] as Node);
    fresh.length = 0;
  }

  private pruneOne(node: Node): void {
    if (!node.live) return;
    if (node.kind === 'metric' && node.streams === 0) this.release(node);
    else if (node.kind === 'scope' && node.count === 0) this.releaseScope(node);
    else if (node.kind === 'resource' && node.count === 0) this.releaseResource(node);
  }

  private releaseScope(scope: KnownScope): void {
    this.remove(scope.resource, scope);
    this.made.parents--;
    if (scope.resource.count === 0) this.releaseResource(scope.resource);
  }

  private releaseResource(resource: KnownResource): void {
    const { labels } = this;
    if (resource.entered) this.names.targets.left(resource, labels.target(resource), labels.target);
    this.remove(this.resources, resource);
    this.made.parents--;
  }

  private remove<N extends Node & Sibling<N>>(siblings: Siblings<N>, node: N): void {
    leave(siblings, node);
    this.labels.forget(node);
    this.table.remove(node.number);
  }
}
