/** A series with two writers: counted, told once a resource or metric. */
import type { TellReceived } from '../events.ts';
import type { KnownMetric, KnownResource } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import type { ReceivedTally } from '../tally.ts';
import { type StreamTable, streamWord } from './stream-table.ts';

interface TellingParts {
  readonly streams: StreamTable;
  readonly tree: ResourceTree;
  readonly tally: ReceivedTally;
  readonly tell: TellReceived;
}

/**
 * Two streams of one resource are one series. @param writer the stream that wrote the series last @param adds whether they add up
 */
export function tellJoined(parts: TellingParts, metric: KnownMetric, stream: number, writer: number, adds: boolean): void {
  const { tally, tell, tree, streams } = parts;
  if (adds) tally.joined++;
  else tally.conflicts++;
  if (metric.joins) return;
  metric.joins = true;
  const other = tree.numbered(streams.word(writer, streamWord.metric));
  other.joins = true;
  const one = { attributes: streams.key(stream).slice(), scope: tree.scopeOf(metric) };
  const two = { attributes: streams.key(writer).slice(), scope: tree.scopeOf(other) };
  tell({
    type: 'joined',
    name: metric.group.claimed.name,
    resource: tree.bytesOf(metric.scope.resource),
    streams: [two, one],
    adds,
  });
}

/** Another stream wrote the series, which the newer value is shown of. @param writer the stream that wrote it last */
export function tellOther(parts: TellingParts, metric: KnownMetric, stream: number, writer: number): void {
  const other = parts.tree.numbered(parts.streams.word(writer, streamWord.metric));
  if (other.scope.resource === metric.scope.resource) tellJoined(parts, metric, stream, writer, false);
  else tellConflict(parts, metric, other.scope.resource);
}

function tellConflict({ tally, tell, tree }: TellingParts, metric: KnownMetric, other: KnownResource): void {
  const { resource } = metric.scope;
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
