/** A bridge as a graph: contracts record into the store, which scrapers and the push read. */
import type { Contract } from '../../../core/contract/metric.ts';
import type { Flow, Graph, GraphEdge, GraphNode, Rate } from '../../../status/model/index.ts';
import { pushKey, type Reader, scrapeKey } from './readers.ts';
import type { BridgeRefusals } from './refusals.ts';

export const storeKey = 'store values';
export const sourceKey = (name: string) => `source ${name}`;
/** Instruments that no contract names. */
export const othersKey = sourceKey('other instruments');

export interface GraphParts {
  readonly contracts: readonly Contract[];
  /** Series of sources that no contract names. */
  readonly others: number;
  readonly size: { readonly series: number; readonly families: number };
  readonly readers: readonly Reader[];
  readonly refusals: BridgeRefusals;
  readonly since: number;
  readonly listens: readonly string[];
  /** Settings of the push, as YAML. */
  readonly push: string | undefined;
}

/** No minutes: a recording is not counted, because that would cost each call. */
const uncounted: Rate = { minutes: [] };

export function graphOf(parts: GraphParts, now: number): Graph {
  const { contracts, others, size, readers, since } = parts;
  const sources: GraphNode[] = contracts.map((contract) => ({
    ...nodeOf('source', contract.name, 'contract', since),
    settings: metricsOf(contract),
  }));
  if (others > 0) sources.push(nodeOf('source', 'other instruments', `${others} series that no contract names`, since));
  const store: GraphNode = {
    ...nodeOf('store', 'values', 'store', since),
    series: { count: size.series, families: size.families },
  };
  const read = readers.map((reader) => readerNode(reader, parts, now));
  return {
    at: now,
    nodes: [...sources, store, ...read],
    edges: [
      ...sources.map(({ key }) => recorded(key, parts.refusals, now)),
      ...readers.map((reader) => ({ from: storeKey, to: reader.key, ...reader.flow(now) })),
    ],
    pipelines: [],
    reloads: [],
  };
}

function nodeOf(kind: 'source' | 'store' | 'reader', id: string, type: string, since: number): GraphNode {
  return { key: `${kind} ${id}`, kind, id, type, state: 'working', since, listens: [] };
}

function readerNode(reader: Reader, { since, listens, push }: GraphParts, now: number): GraphNode {
  const id = reader.key === pushKey ? 'push' : 'scrape';
  const lastError = reader.lastError();
  return {
    ...nodeOf('reader', id, reader.key === pushKey ? 'OTLP' : 'HTTP', since),
    state: reader.failing() ? 'failing' : 'working',
    sent: reader.flow(now),
    ...(lastError !== undefined && { lastError }),
    ...(reader.key === scrapeKey && { listens }),
    ...(reader.key === pushKey && push !== undefined && { settings: push }),
  };
}

function recorded(from: string, refusals: BridgeRefusals, now: number): GraphEdge {
  const flow: Flow = { rate: uncounted, total: 0, ...refusals.refusedBy(from, now), failed: 0, failedRate: uncounted };
  return { from, to: storeKey, ...flow };
}

/** The contract's instruments, a line each. */
function metricsOf({ metrics }: Contract): string {
  const line = ({ series, kind, unit, labels }: Contract['metrics'][string]) => {
    const names = Object.keys(labels);
    return `${series}: ${kind}${unit === '' ? '' : `, ${unit}`}${names.length === 0 ? '' : `, by ${names.join(', ')}`}\n`;
  };
  return Object.values(metrics).map(line).join('');
}
