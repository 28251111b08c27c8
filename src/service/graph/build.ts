/** From a checked configuration to components that are wired together. Opens nothing. */
import type { Consume, ExporterFactory, Factory } from '../component.ts';
import { batchedPipeline, batchingFor } from '../config/batching.ts';
import type { CheckedComponent, CheckedConfig } from '../config/index.ts';
import { zpagesExtension } from '../extensions/zpages/index.ts';
import { fanOut } from './fan-out.ts';
import { exporterNode } from './nodes/exporter-node.ts';
import { extensionNode } from './nodes/extension-node.ts';
import { createNode, type Node, type NodeParts } from './nodes/node.ts';
import { type OwnMetricsOptions, ownMetricsNode } from './nodes/own-metrics-node.ts';
import type { NodeOptions } from './nodes/parts.ts';
import { processorNode } from './nodes/processor-node.ts';
import { receiverNode } from './nodes/receiver-node.ts';

export interface BuildOptions extends NodeOptions, Pick<OwnMetricsOptions, 'version'> {
  /** Runs before all pipelines: checks what receivers accept against a contract. Absent: no check. */
  readonly hold?: ((next: Consume) => Consume) | undefined;
}

export interface Graph {
  /** In the order in which they start: the own metrics, extensions, exporters, processors, receivers. */
  readonly nodes: readonly Node[];
  /** Those that did not run before, in the same order. They feed whom they are to feed. */
  readonly fresh: readonly Node[];
  /** Lets the nodes that ran before feed whom they are to feed now; all at a time, between two batches. */
  wire(): void;
}

/** What hands a node's batches on: each of these gets all of them. */
type Entry = (from: Node) => readonly Consume[];

/**
 * Components that no pipeline uses are not made. A processor is made once for each of its pipelines, every other component once.
 * @param running nodes of the graph at work: those whose settings are the same are in the new one
 */
export function buildGraph(config: CheckedConfig<Factory>, given: BuildOptions, running: readonly Node[] = []): Graph {
  const { receivers, processors, exporters, extensions, service } = config;
  const { pipelines } = service;
  const nodes: Node[] = [];
  const fresh: Node[] = [];
  const links: (() => void)[] = [];
  const extensionNodes = new Map<string, Node>();
  const options: BuildOptions = { ...given, configured: findIn(extensionNodes) };
  const { watch } = options;
  const counts = service.extensions.some((id) => get(extensions, id).factory === zpagesExtension);

  function add(parts: NodeParts): Node {
    const known = running.find(({ name, text }) => name === parts.name && text === parts.text);
    const node = known ?? createNode(parts);
    if (known === undefined) fresh.push(node);
    nodes.push(node);
    return node;
  }

  function feed(node: Node, next: Consume): void {
    if (fresh.includes(node)) node.feed(next);
    else links.push(() => node.feed(next));
  }

  /** With another storage, it is another component. */
  function sink(checked: CheckedComponent<ExporterFactory>): NodeParts {
    const [batching] = batchingFor(config, checked.id).values();
    const parts = exporterNode(checked, batching, options);
    const storages = (checked.factory.needs?.(checked.settings) ?? []).filter(({ offer }) => offer === 'storage');
    return { ...parts, text: [parts.text, ...storages.map(({ extension }) => extensionNodes.get(extension.id)?.text)].join(' ') };
  }

  function edge(from: Node, to: Node, pipeline: string): Consume {
    return counts ? watch.edge(from.name, to.name, pipeline, to.consume) : to.consume;
  }

  const own = ownMetricsNode(service.telemetry, options);
  if (own !== undefined) add(own);
  for (const id of service.extensions) extensionNodes.set(id, add(extensionNode(get(extensions, id), options)));

  const sinks = new Map<string, Node>();
  for (const id of used(pipelines, 'exporters')) sinks.set(id, add(sink(get(exporters, id))));

  const entries = pipelines.map((of): { readonly from: readonly string[]; readonly entry: Entry } => {
    const { id: pipeline, receivers: from, processors: through, exporters: to } = of;
    const { batching, direct, others } = batchedPipeline(config, of);
    const isMixed = direct.length > 0 && others.length > 0;
    const ends =
      (ids: readonly string[]): Entry =>
      (before) =>
        ids.map((id) => edge(before, get(sinks, id), pipeline));
    const chain = (ids: readonly string[], last: Entry) =>
      ids.reduceRight<Entry>((next, id) => {
        const node = add(processorNode(get(processors, id), pipeline, others.length === 0 && batching.includes(id), options));
        feed(node, fanOut(next(node)));
        return (before) => [edge(before, node, pipeline)];
      }, last);
    if (!isMixed) return { from, entry: chain(through, ends(to)) };
    // What puts requests together comes last, beside the exporters that take them as they come.
    const held = chain(batching, ends(others));
    const rest = through.filter((id) => !batching.includes(id));
    return { from, entry: chain(rest, (before) => [...ends(direct)(before), ...held(before)]) };
  });

  for (const id of used(pipelines, 'receivers')) {
    const node = add(receiverNode(get(receivers, id), options));
    const next = fanOut(entries.filter(({ from }) => from.includes(id)).map(({ entry }) => fanOut(entry(node))));
    const held = options.hold?.(next) ?? next;
    feed(node, counts ? watch.sender(node.name, held) : held);
  }

  return Object.freeze({
    nodes,
    fresh,
    wire() {
      for (const link of links) link();
      for (const node of nodes) node.inUse();
      watch.use(counts, nodes);
    },
  });
}

/** Holds on to these nodes alone: a component that stays would else keep every graph that it ever was in. */
function findIn(extensions: ReadonlyMap<string, Node>): NonNullable<NodeOptions['configured']> {
  return (id) => extensions.get(id)?.component;
}

function used<K extends string>(pipelines: readonly { readonly [key in K]: readonly string[] }[], key: K): ReadonlySet<string> {
  return new Set(pipelines.flatMap((pipeline) => pipeline[key]));
}

function get<T>(all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id);
  if (found === undefined) throw new Error(`BUG: the configuration was checked, and ${id} is missing`);
  return found;
}
