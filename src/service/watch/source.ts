/** The page of `serve`: what `/api/*` answers, from what the service knows. */
import { edgeKey, type Tick, type TickNode } from '../../status/model/index.ts';
import { createPageValues } from '../../status/page-values.ts';
import type { StatusSource } from '../../status/status-source.ts';
import type { MemoryBudget } from '../memory/budget.ts';
import { type ConfigParts, createConfigAnswer } from './config-answer.ts';
import { type GraphParts, graphAnswer, queueOf, stateOf } from './graph-answer.ts';
import { isSilent, producersAnswer } from './producers-answer.ts';
import { createSeriesAnswers } from './series-answer.ts';

export interface SourceParts extends Omit<GraphParts, 'values'>, Omit<ConfigParts, 'config'> {
  readonly memory: Pick<MemoryBudget, 'used' | 'limit'>;
  readonly version: string;
  /** Label values are shown. */
  readonly showValues: boolean;
  readonly startedAt: number;
  /** All components have started. */
  readonly isReady: () => boolean;
}

export function createServiceSource(given: SourceParts): StatusSource {
  const values = createPageValues(given.showValues);
  const parts = { ...given, values };
  const { watch, clock, memory, nodes } = parts;
  const configAnswer = createConfigAnswer(parts);
  const series = createSeriesAnswers(parts);

  return Object.freeze<StatusSource>({
    status: () => ({
      at: clock(),
      kind: 'serve',
      name: 'meterbridge',
      version: parts.version,
      node: process.version,
      pid: process.pid,
      startedAt: parts.startedAt,
      ready: parts.isReady(),
      memory: { used: memory.used, limit: memory.limit },
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
      showsValues: values.areShown,
    }),
    tick: () => tickOf(parts),
    graph: () => graphAnswer(parts, clock()),
    producers: (all) => producersAnswer(watch, all, clock(), values),
    scrapers: () => watch.scrapes.answer(clock()),
    ...series,
    refusals: () => watch.refusals.answer(clock(), values),
    config: configAnswer,
    extensions: () => ({
      at: clock(),
      extensions: nodes()
        .filter(({ kind }) => kind === 'extension')
        .map(({ id, type, facts: { since, listens } }) => ({ id, type, since, listens })),
    }),
    features: () => ({ at: clock(), features: [] }),
  });
}

function tickOf(parts: SourceParts): Tick {
  const { watch, clock, nodes, flows, memory } = parts;
  const now = clock();
  flows.read();
  const all = nodes();
  const edges = [...watch.edges.all.values()].map((edge) => {
    const { now: current } = edge.meters.taken.rate(now);
    const { taken: total, refused, failed } = edge;
    return [edgeKey(edge), { ...(current !== undefined && { now: current }), total, refused, failed }] as const;
  });
  const tickNode = (node: (typeof all)[number]): TickNode => {
    const queue = queueOf(node, parts);
    const current = flows.of(node.name)?.meters.taken.rate(now).now;
    return { state: stateOf(node, parts), ...(queue && { queue }), ...(current !== undefined && { now: current }) };
  };
  return {
    at: now,
    edges: Object.fromEntries(edges),
    nodes: Object.fromEntries(all.map((node) => [node.name, tickNode(node)])),
    graph: watch.changes,
    refusals: watch.refusals.times,
    producers: { known: watch.producers.known.size, silent: silentIn(parts, now) },
    series: [...watch.shown.values()].reduce((sum, one) => sum + one.state().series, 0),
    scrapes: watch.scrapes.scrapes,
    memory: { used: memory.used, limit: memory.limit },
  };
}

function silentIn({ watch }: SourceParts, now: number): number {
  let silent = 0;
  for (const producer of watch.producers.known.values()) if (isSilent(producer, now)) silent++;
  return silent;
}
