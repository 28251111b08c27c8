/**
 * The names of nodes, and the labels of their series. Worked out where a series is new, from the bytes in the table, and
 * remembered for those that were looked up last.
 */
import type { MakeLabels, NamedScope, PlainLabels, SeriesNames, Target } from '../names/index.ts';
import { targetOf } from '../names/index.ts';
import { keyStart } from './node-key.ts';
import type { NodeTable } from './node-table.ts';
import type { KnownMetric, KnownResource, KnownScope } from './nodes.ts';

/** Metrics whose labels' makers are remembered, a few kB each. */
const mostMakers = 256;
/** Bytes of labels that all series of a metric have. Of more, the maker is made for each series, which takes as much itself. */
const mostLabelBytes = 4_096;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export interface NodeLabels {
  target(resource: KnownResource): Target;
  scope(scope: KnownScope): NamedScope;
  /**
   * The labels of a series of the metric, until the next ones are asked for. `attributes`: its `KeyValue` fields, from `from` to
   * `to`.
   */
  of(metric: KnownMetric, attributes: Uint8Array, from?: number, to?: number): PlainLabels;
  /** It is new, and its labels are made so. */
  keep(metric: KnownMetric, make: MakeLabels): void;
  /** It leaves. */
  forget(node: KnownMetric | KnownScope | KnownResource): void;
}

export function createNodeLabels(names: SeriesNames, table: NodeTable): NodeLabels {
  const makers = new Map<KnownMetric, MakeLabels>();
  let resource: { readonly node: KnownResource; readonly target: Target } | undefined;
  let scope: { readonly node: KnownScope; readonly named: NamedScope } | undefined;

  function target(node: KnownResource): Target {
    if (resource?.node !== node) resource = { node, target: targetOf(table.key(node.number)) };
    return resource.target;
  }

  function namedOf(node: KnownScope): NamedScope {
    if (scope?.node === node) return scope.named;
    const key = table.key(node.number);
    const end = keyStart.scope + node.scopeLength;
    scope = { node, named: names.scope(key.subarray(keyStart.scope, end), decoder.decode(key.subarray(end))) };
    return scope.named;
  }

  function keep(metric: KnownMetric, make: MakeLabels): void {
    if (metric.labelBytes > mostLabelBytes) return;
    if (makers.size >= mostMakers) makers.clear();
    makers.set(metric, make);
  }

  function makerOf(metric: KnownMetric): MakeLabels {
    const make = names.labels(target(metric.scope.resource), namedOf(metric.scope), metric.group.claimed);
    keep(metric, make);
    return make;
  }

  return Object.freeze<NodeLabels>({
    target,
    scope: namedOf,
    of: (metric, attributes, from, to) => (makers.get(metric) ?? makerOf(metric))(attributes, from, to),
    keep,
    forget(node) {
      if (node.kind === 'metric') makers.delete(node);
      else if (scope?.node === node) scope = undefined;
      else if (resource?.node === node) resource = undefined;
    },
  });
}
