/** Finds resources, scopes and metrics of a batch, makes those that are new, and lets go of those that have no stream any more. */
import { latin1 } from '../node/latin1.ts';
import type { Batch } from '../otlp/batch/batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from '../otlp/batch/batch-index.ts';
import type { Groups } from './groups.ts';
import { type MetricHead, type NotShown, type SeriesNames, targetOf } from './names/index.ts';
import type { MetricNode, ResourceNode, ScopeNode } from './nodes.ts';
import { ruleOf } from './rules.ts';
import { sameBytes, viewOf } from './same-bytes.ts';
import { came, createSiblings, expected, leave } from './siblings.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const typeNames: Readonly<Record<number, MetricHead['type']>> = {
  [metricType.gauge]: 'gauge',
  [metricType.sum]: 'sum',
  [metricType.histogram]: 'histogram',
  [metricType.exponentialHistogram]: 'exponentialHistogram',
  [metricType.summary]: 'summary',
};

export interface Tree {
  resource(batch: Batch, at: number): ResourceNode;
  scope(resource: ResourceNode, batch: Batch, at: number): ScopeNode;
  metric(scope: ScopeNode, batch: Batch, at: number): MetricNode | NotShown;
  /** By the number that streams know it by. */
  numbered(number: number): MetricNode;
  /** One has no stream: it leaves, and what is above it when it was the last. */
  release(metric: MetricNode): void;
  /** What was made since the last call and has got no stream leaves. */
  prune(): void;
  /** A series of the resource is shown. */
  enter(resource: ResourceNode): void;
}

export function createTree(names: SeriesNames, groups: Groups): Tree {
  const resources = createSiblings<ResourceNode>();
  const metrics: (MetricNode | undefined)[] = [undefined];
  const free: number[] = [];
  const fresh: (ResourceNode | ScopeNode | MetricNode)[] = [];

  function addResource(key: string, bytes: Uint8Array): ResourceNode {
    const own = bytes.slice();
    const resource: ResourceNode = {
      kind: 'resource',
      key,
      next: undefined,
      live: true,
      bytes: own,
      view: viewOf(own),
      scopes: createSiblings(),
      target: targetOf(own),
      streams: 0,
      entered: false,
      limited: false,
      met: false,
      overlaps: false,
    };
    resources.byKey.set(key, resource);
    fresh.push(resource);
    return resource;
  }

  function addScope(resource: ResourceNode, key: string, { bytes, index }: Batch, at: number): ScopeNode {
    const scope = rangeOf(bytes, index, at + scopeAt.from);
    const url = rangeOf(bytes, index, at + scopeAt.schemaUrlFrom);
    const node: ScopeNode = {
      kind: 'scope',
      key,
      next: undefined,
      live: true,
      resource,
      view: viewOf(Buffer.concat([scope, url])),
      scopeLength: scope.length,
      metrics: createSiblings(),
      named: names.scope(scope, decoder.decode(url)),
    };
    resource.scopes.byKey.set(key, node);
    fresh.push(node);
    return node;
  }

  function addMetric(scope: ScopeNode, key: string, { bytes, index }: Batch, at: number): MetricNode | NotShown {
    const typeNumber = index[at + metricAt.type] as number;
    const temporality = index[at + metricAt.temporality] as number;
    const monotonic = index[at + metricAt.monotonic] as number;
    const rule = ruleOf(typeNumber, temporality, monotonic === 1);
    if (rule === 'temporality_unspecified' || rule === 'delta_not_monotonic') return unshown[rule];
    const name = rangeOf(bytes, index, at + metricAt.nameFrom);
    const unit = rangeOf(bytes, index, at + metricAt.unitFrom);
    const metadata = rangeOf(bytes, index, at + metricAt.metadataFrom);
    const head = {
      name: decoder.decode(name),
      unit: decoder.decode(unit),
      description: decoder.decode(rangeOf(bytes, index, at + metricAt.descriptionFrom)),
      type: typeNames[typeNumber] as MetricHead['type'],
      monotonic: monotonic === 1,
      metadata,
    };
    const named = names.metric(scope.resource.target, scope.named, head);
    if ('reason' in named) return named;
    const number = free.pop() ?? metrics.push(undefined) - 1;
    const node: MetricNode = {
      kind: 'metric',
      key,
      next: undefined,
      live: true,
      number,
      scope,
      name: head.name,
      view: viewOf(Buffer.concat([name, unit, metadata])),
      nameLength: name.length,
      unitLength: unit.length,
      typeNumber,
      temporality,
      monotonic,
      rule,
      labels: named.labels,
      group: groups.of(named.claimed),
      streams: 0,
      lastStream: 0,
      contested: false,
    };
    metrics[number] = node;
    scope.metrics.byKey.set(key, node);
    fresh.push(node);
    return node;
  }

  function release(metric: MetricNode): void {
    const { scope, number } = metric;
    leave(scope.metrics, metric);
    metrics[number] = undefined;
    free.push(number);
    metric.group.claimed.release();
    if (scope.metrics.byKey.size === 0) releaseScope(scope);
  }

  function releaseScope(scope: ScopeNode): void {
    leave(scope.resource.scopes, scope);
    if (scope.resource.scopes.byKey.size === 0) releaseResource(scope.resource);
  }

  function releaseResource(resource: ResourceNode): void {
    leave(resources, resource);
    if (resource.entered) names.targets.left(resource.target);
  }

  function pruneOne(node: ResourceNode | ScopeNode | MetricNode): void {
    if (!node.live) return;
    if (node.kind === 'metric' && node.streams === 0) release(node);
    else if (node.kind === 'scope' && node.metrics.byKey.size === 0) releaseScope(node);
    else if (node.kind === 'resource' && node.scopes.byKey.size === 0) releaseResource(node);
  }

  return Object.freeze<Tree>({
    resource(batch, at) {
      const next = expected(resources);
      if (next !== undefined && sameRange(next.view, 0, next.view.byteLength, batch, at + resourceAt.from)) return came(resources, next);
      const bytes = rangeOf(batch.bytes, batch.index, at + resourceAt.from);
      const key = latin1(bytes);
      return came(resources, resources.byKey.get(key) ?? addResource(key, bytes));
    },
    scope(resource, batch, at) {
      const next = expected(resource.scopes);
      if (next !== undefined && isScope(next, batch, at)) return came(resource.scopes, next);
      const key = scopeKey(batch, at);
      return came(resource.scopes, resource.scopes.byKey.get(key) ?? addScope(resource, key, batch, at));
    },
    metric(scope, batch, at) {
      const next = expected(scope.metrics);
      if (next !== undefined && isMetric(next, batch, at)) return came(scope.metrics, next);
      const key = metricKey(batch, at);
      const metric = scope.metrics.byKey.get(key) ?? addMetric(scope, key, batch, at);
      return 'reason' in metric ? metric : came(scope.metrics, metric);
    },
    numbered: (number) => metrics[number] as MetricNode,
    release,
    prune() {
      // From the end: metrics first, then what is above them.
      for (let index = fresh.length - 1; index >= 0; index--) pruneOne(fresh[index] as MetricNode);
      fresh.length = 0;
    },
    enter(resource) {
      if (resource.entered) return;
      resource.entered = true;
      names.targets.entered(resource.target);
    },
  });
}

const unshown = {
  temporality_unspecified: Object.freeze<NotShown>({ reason: 'temporality_unspecified' }),
  delta_not_monotonic: Object.freeze<NotShown>({ reason: 'delta_not_monotonic' }),
};

/** `place`: that of the range's beginning in the index. */
function rangeOf(bytes: Uint8Array, index: Int32Array, place: number): Uint8Array {
  return bytes.subarray(index[place] as number, index[place + 1] as number);
}

function sameRange(view: DataView, at: number, length: number, batch: Batch, place: number): boolean {
  const from = batch.index[place] as number;
  return (batch.index[place + 1] as number) - from === length && sameBytes(view, at, batch.view, from, length);
}

function isScope({ view, scopeLength }: ScopeNode, batch: Batch, at: number): boolean {
  return (
    sameRange(view, 0, scopeLength, batch, at + scopeAt.from) &&
    sameRange(view, scopeLength, view.byteLength - scopeLength, batch, at + scopeAt.schemaUrlFrom)
  );
}

function scopeKey({ bytes, index }: Batch, at: number): string {
  const scope = rangeOf(bytes, index, at + scopeAt.from);
  return `${scope.length} ${latin1(scope)}${latin1(rangeOf(bytes, index, at + scopeAt.schemaUrlFrom))}`;
}

function isMetric(metric: MetricNode, batch: Batch, at: number): boolean {
  const { index } = batch;
  const { view, nameLength, unitLength } = metric;
  const rest = nameLength + unitLength;
  return (
    index[at + metricAt.type] === metric.typeNumber &&
    index[at + metricAt.temporality] === metric.temporality &&
    index[at + metricAt.monotonic] === metric.monotonic &&
    sameRange(view, 0, nameLength, batch, at + metricAt.nameFrom) &&
    sameRange(view, nameLength, unitLength, batch, at + metricAt.unitFrom) &&
    sameRange(view, rest, view.byteLength - rest, batch, at + metricAt.metadataFrom)
  );
}

/** The description is no part of it: the first one stays (specification, "Prometheus and OpenMetrics compatibility", Metric Metadata). */
function metricKey({ bytes, index }: Batch, at: number): string {
  const name = rangeOf(bytes, index, at + metricAt.nameFrom);
  const unit = rangeOf(bytes, index, at + metricAt.unitFrom);
  const metadata = rangeOf(bytes, index, at + metricAt.metadataFrom);
  const numbers = [index[at + metricAt.type], index[at + metricAt.temporality], index[at + metricAt.monotonic], name.length, unit.length];
  return `${numbers.join(' ')} ${latin1(name)}${latin1(unit)}${latin1(metadata)}`;
}
