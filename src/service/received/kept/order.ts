/**
 * The order in which streams are written: all of a metric, of a scope, and of a resource together, and of the resources with one
 * `job` and `instance` the one first whose attributes `target_info` shows. Chains of numbers, because there may be a million.
 */

import type { KnownMetric, KnownResource, KnownScope } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import { type StreamTable, streamWord } from '../streams/stream-table.ts';

/** Streams that are put in order between two batches: well below a millisecond. */
const atOnce = 50_000;

export interface NewStreams {
  readonly count: number;
  /** The metric of each, by stream; 0: it is none of them. */
  readonly metrics: Int32Array;
}

/** Finds, each time, the streams that came since the last time. All at once: a million take some milliseconds. */
export function createNewStreams(streams: StreamTable): () => NewStreams {
  let known = new Uint8Array(0);
  return () => {
    const metrics = new Int32Array(streams.records.used);
    const before = known;
    known = new Uint8Array(metrics.length);
    known.set(before);
    let count = 0;
    for (let stream = 1; stream < metrics.length; stream++) {
      const metric = streams.word(stream, streamWord.metric);
      if (metric === 0 || known[stream] === 1) continue;
      metrics[stream] = metric;
      known[stream] = 1;
      count++;
    }
    return { count, metrics };
  };
}

/** Yields undefined where a slice ends: batches may come there, but nothing may leave. */
export function* inOrder(
  { metrics: next }: NewStreams,
  streams: StreamTable,
  tree: ResourceTree,
): Generator<{ metric: KnownMetric; streams: Iterable<number> } | undefined> {
  // The metric of each, until it is the stream that follows.
  const firsts = new Map<KnownMetric, number>();
  for (let stream = next.length - 1; stream > 0; stream--) {
    if (stream % atOnce === 0) yield undefined;
    const number = next[stream] as number;
    if (number === 0) continue;
    const metric = tree.numbered(number);
    next[stream] = firsts.get(metric) ?? 0;
    firsts.set(metric, stream);
  }
  const resources = new Map<KnownResource, Map<KnownScope, KnownMetric[]>>();
  // By their first streams, so that families are shown in the order that they had.
  for (let stream = 1; stream < next.length; stream++) {
    if (stream % atOnce === 0) yield undefined;
    const number = streams.word(stream, streamWord.metric);
    const metric = number === 0 ? undefined : tree.numbered(number);
    if (metric === undefined || firsts.get(metric) !== stream) continue;
    const { scope } = metric;
    const scopes = entry(resources, scope.resource, () => new Map<KnownScope, KnownMetric[]>());
    entry(scopes, scope, () => []).push(metric);
  }
  let count = 0;
  for (const isFirst of [true, false]) {
    for (const [resource, scopes] of resources) {
      if (++count % 1_000 === 0) yield undefined;
      if (tree.isShownTarget(resource) !== isFirst) continue;
      resources.delete(resource);
      for (const metrics of scopes.values())
        for (const metric of metrics) yield { metric, streams: chain(next, firsts.get(metric) as number) };
    }
  }
}

function* chain(next: Int32Array, first: number): Generator<number> {
  for (let stream = first; stream !== 0; stream = next[stream] as number) yield stream;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
