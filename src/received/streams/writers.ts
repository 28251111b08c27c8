/** A series with two writers: counted each time, told once a resource or metric. */
import type { TellReceived } from '../events.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import type { ReceivedTally } from '../tally.ts';
import { type StreamTable, streamWord } from './stream-table.ts';

interface TellingParts {
  readonly streams: StreamTable;
  readonly tree: ResourceTree;
  readonly tally: ReceivedTally;
  readonly tell: TellReceived;
}

/** @param writer the stream that wrote the series last */
export function tellConflict({ tally, tell, tree, streams }: TellingParts, metric: KnownMetric, writer: number): void {
  const { resource } = metric.scope;
  const other = tree.numbered(streams.word(writer, streamWord.metric)).scope.resource;
  tally.conflicts++;
  if (resource.conflicts && other.conflicts) return;
  resource.conflicts = true;
  other.conflicts = true;
  tell({ type: 'conflict', name: metric.group.claimed.name, resource: tree.bytesOf(resource), other: tree.bytesOf(other) });
}

export function tellContested({ tally, tell, tree }: TellingParts, metric: KnownMetric): void {
  tally.contested++;
  if (metric.contested) return;
  metric.contested = true;
  tell({ type: 'contested', name: metric.group.claimed.name, resource: tree.bytesOf(metric.scope.resource) });
}
