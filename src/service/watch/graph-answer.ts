/** `/api/graph`: the nodes at work and what flows between them. */

import type { Plain } from '../../core/config/schema/index.ts';
import type { Flow, Graph, GraphEdge, GraphNode, Queue, TickNode } from '../../status/model/index.ts';
import type { PageValues } from '../../status/page-values.ts';
import type { Factory } from '../component.ts';
import { type CheckedConfig, printYaml } from '../config/index.ts';
import type { Node } from '../graph/nodes/node.ts';
import type { Limits } from '../limits.ts';
import type { ServiceTally } from '../telemetry/tally.ts';
import type { Edge, Metered } from './edges.ts';
import type { NodeFlows } from './node-flows.ts';
import type { Watch } from './watch.ts';

export interface GraphParts {
  readonly watch: Watch;
  readonly tally: ServiceTally;
  readonly flows: NodeFlows;
  readonly limits: Limits;
  readonly values: PageValues;
  readonly nodes: () => readonly Node[];
  readonly config: () => CheckedConfig<Factory> | undefined;
}

const order: Readonly<Record<Node['kind'], number>> = { receiver: 0, processor: 1, exporter: 2, extension: 3, service: 4 };

export function graphAnswer(parts: GraphParts, now: number): Graph {
  const { watch, config, flows } = parts;
  flows.read();
  const nodes = parts.nodes().toSorted((one, other) => order[one.kind] - order[other.kind]);
  return {
    at: now,
    nodes: nodes.map((node) => nodeAnswer(node, parts, now)),
    edges: [...watch.edges.all.values()].map((edge) => edgeAnswer(edge, now)),
    pipelines: config()?.service.pipelines ?? [],
    reloads: watch.reloads.reloads,
  };
}

function nodeAnswer(node: Node, parts: GraphParts, now: number): GraphNode {
  const { watch, flows, limits } = parts;
  const { kind, id, name, type, facts } = node;
  const queue = queueOf(node, parts);
  const flow = flows.of(name);
  const series = watch.shown.get(name)?.state();
  const settings = yamlOf(node.settings());
  return {
    key: name,
    kind,
    id,
    type,
    ...(kind === 'processor' && { pipeline: name.slice(`processor ${id} (`.length, -1) }),
    state: stateOf(node, parts),
    since: facts.since,
    ...(settings !== undefined && { settings }),
    listens: facts.listens,
    ...(queue && { queue }),
    ...(facts.lastError && { lastError: { at: facts.lastError.at, text: errorText(facts.lastError.text, node, parts) } }),
    ...(flow && { [kind === 'receiver' ? 'received' : 'sent']: flowAnswer(flow, now) }),
    ...(series && {
      series: { count: series.series, limit: limits.maxSeries, families: series.families, familyLimit: limits.maxFamilies },
    }),
  };
}

/** What sends to another receiver quotes its answers. */
function errorText(text: string, node: Node, parts: GraphParts): string {
  return queueOf(node, parts) === undefined ? text : parts.values.quoting(text);
}

export function stateOf(node: Node, parts: Pick<GraphParts, 'tally' | 'flows'>): TickNode['state'] {
  const { facts, name } = node;
  if (!facts.works) return 'starting';
  const queue = queueOf(node, parts);
  if (queue !== undefined && queue.size >= queue.capacity) return 'blocked';
  const wentWell = parts.flows.of(name)?.lastTaken ?? 0;
  return node.kind !== 'extension' && facts.lastError !== undefined && facts.lastError.at > wentWell ? 'failing' : 'working';
}

export function queueOf({ kind, id }: Node, { tally }: Pick<GraphParts, 'tally'>): Queue | undefined {
  return kind === 'exporter' ? tally.exporters.get(id)?.queue?.() : undefined;
}

function edgeAnswer(edge: Edge, now: number): GraphEdge {
  const { from, to, pipeline } = edge;
  return { from, to, pipeline, ...flowAnswer(edge, now) };
}

function flowAnswer({ taken, refused, failed, meters }: Metered, now: number): Flow {
  return {
    rate: meters.taken.rate(now),
    total: taken,
    refused,
    refusedRate: meters.refused.rate(now),
    failed,
    failedRate: meters.failed.rate(now),
  };
}

function yamlOf(settings: Plain | undefined): string | undefined {
  if (settings === undefined || settings === null || (typeof settings === 'object' && Object.keys(settings).length === 0))
    return undefined;
  return printYaml(settings);
}
