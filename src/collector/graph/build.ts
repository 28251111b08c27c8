/** From a checked configuration to components that are wired together. Opens nothing. */
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type {
  Consume,
  ExporterCounts,
  ExporterGiven,
  Extension,
  ExtensionGiven,
  Factory,
  Given,
  Kind,
  Limits,
  QueueState,
  SeriesState,
  Transport,
} from '../component.ts';
import type { CheckedComponent, CheckedConfig } from '../config/index.ts';
import { withFields } from '../telemetry/create-logger.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createRefusals } from '../telemetry/refusals.ts';
import type { ExporterTally, Tally } from '../telemetry/tally.ts';
import { type AttemptOptions, attempting } from './attempt.ts';
import { counted, fanOut } from './fan-out.ts';
import { make } from './make.ts';
import { createNode, type Node, type NodeParts } from './node.ts';
import { ownMetricsNode } from './own-metrics-node.ts';

export interface BuildOptions {
  readonly log: Logger;
  readonly tally: Tally;
  readonly version: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly clock: () => number;
  readonly limits: Limits;
  readonly listening: (where: string) => void;
  readonly fail: (error: Error) => void;
  readonly reload: ExtensionGiven['reload'];
  /** Stands before all pipelines: what receivers take is held against a contract. Absent: it is not. */
  readonly hold?: ((next: Consume) => Consume) | undefined;
  /** The extensions at work. */
  readonly extensions: Map<string, Extension>;
}

export interface Graph {
  /** In the order in which they start: the own metrics, extensions, exporters, processors, receivers. */
  readonly nodes: readonly Node[];
  /** Those that did not run before, in the same order. They feed whom they are to feed. */
  readonly fresh: readonly Node[];
  /** Lets the nodes that ran before feed whom they are to feed now; all at a time, between two batches. */
  wire(): void;
}

type Checked = CheckedComponent<Factory>;

/**
 * Components that no pipeline uses are not made. A processor is made once for each of its pipelines, every other component once.
 * @param running nodes of the graph at work: those whose settings are the same are in the new one
 */
export function buildGraph(config: CheckedConfig<Factory>, options: BuildOptions, running: readonly Node[] = []): Graph {
  const { receivers, processors, exporters, extensions, service } = config;
  const { tally, stdout, stderr } = options;
  const nodes = new Map<Kind | 'service', Node[]>();
  const fresh: Node[] = [];
  const links: (() => void)[] = [];
  let former = running;

  function add(parts: NodeParts): Node {
    const known = former.find(({ name, text }) => name === parts.name && text === parts.text);
    const node = known ?? createNode(parts);
    if (known === undefined) fresh.push(node);
    nodes.set(node.kind, [...(nodes.get(node.kind) ?? []), node]);
    return node;
  }

  function feed(node: Node, next: Consume): void {
    if (fresh.includes(node)) node.feed(next);
    else links.push(() => node.feed(next));
  }

  const own = ownMetricsNode(service.telemetry, options);
  if (own !== undefined) add(own);

  for (const id of service.extensions) {
    const checked = get(extensions, id);
    add({
      ...partsOf('extension', checked),
      make() {
        const { given, gone } = givenOf('extension', id, options);
        const takes = { ...given, reload: options.reload };
        const component = make(checked.factory, given, () => checked.factory.create(checked.settings, takes));
        return { component, ...atWork(id, component, gone, options) };
      },
    });
  }

  const sinks = new Map<string, Node>();
  for (const id of used(service.pipelines, 'exporters')) {
    const checked = get(exporters, id);
    const makeExporter: NodeParts['make'] = () => {
      const { given, gone } = givenOf('exporter', id, options);
      const counts = tally.exporter(id);
      let state: (() => SeriesState) | undefined;
      const observed = (read: () => SeriesState) => {
        state = read;
      };
      let queue: (() => QueueState) | undefined;
      const queues: ExporterGiven['queues'] = (read) => {
        queue = read;
        return countsIn(counts);
      };
      const takes = { ...given, stdout, stderr, observed, queues };
      const component = make(checked.factory, given, () => checked.factory.create(checked.settings, takes));
      const attempt = attemptOf('exporter', id, given);
      return {
        component,
        consume: queue === undefined ? counted(component.consume, counts, attempt) : enqueuing(component.consume, counts, attempt),
        inUse() {
          counts.state = state;
          counts.queue = queue;
        },
        gone() {
          if (counts.state === state) counts.state = undefined;
          if (counts.queue === queue) counts.queue = undefined;
          gone();
        },
      };
    };
    sinks.set(id, add({ ...partsOf('exporter', checked), make: makeExporter }));
  }

  const entries = service.pipelines.map(({ id: pipeline, receivers: from, processors: through, exporters: to }) => {
    const end = fanOut(to.map((id) => get(sinks, id).consume));
    const types = to.map((id) => get(exporters, id).factory.type);
    let behind = to.every((id) => get(exporters, id).factory.readsApart === true);
    const entry = through.reduceRight<Consume>((next, id) => {
      const checked = get(processors, id);
      const apart = behind;
      behind &&= checked.factory.readsApart === true;
      const parts = partsOf('processor', checked, ` (${pipeline})`);
      const node = add({
        ...parts,
        text: `${parts.text} ${types} ${apart}`,
        make(next) {
          const { given, gone } = givenOf('processor', `${id} (${pipeline})`, options);
          const takes = { ...given, next, exporters: types, apart };
          const component = make(checked.factory, given, () => checked.factory.create(checked.settings, takes));
          return { component, consume: attempting(component.consume, attemptOf('processor', id, given)), gone };
        },
      });
      feed(node, next);
      return node.consume;
    }, end);
    return { from, entry };
  });

  for (const id of used(service.pipelines, 'receivers')) {
    const checked = get(receivers, id);
    const node = add({
      ...partsOf('receiver', checked),
      make(next) {
        const { given, gone } = givenOf('receiver', id, options);
        const takes = { ...given, next, ...countsOf(id, tally) };
        return { component: make(checked.factory, given, () => checked.factory.create(checked.settings, takes)), gone };
      },
    });
    const next = fanOut(entries.filter(({ from }) => from.includes(id)).map(({ entry }) => entry));
    feed(node, options.hold?.(next) ?? next);
  }

  const order = ['service', 'extension', 'exporter', 'processor', 'receiver'] as const;
  const sorted = order.flatMap((kind) => nodes.get(kind) ?? []);
  const graph = graphOf(
    sorted,
    sorted.filter((node) => fresh.includes(node)),
    [...links],
  );
  // A component that stays holds on to these, and through them it would hold each that has ended since.
  former = [];
  for (const made of [fresh, links]) made.length = 0;
  for (const made of [nodes, sinks]) made.clear();
  return graph;
}

function graphOf(nodes: readonly Node[], fresh: readonly Node[], links: readonly (() => void)[]): Graph {
  return Object.freeze({
    nodes,
    fresh,
    wire() {
      for (const link of links) link();
      for (const node of nodes) node.inUse();
    },
  });
}

/** The first error of a component is a line, and the points of further ones are counted. */
function attemptOf(kind: 'exporter' | 'processor', id: string, { refusal }: Given): AttemptOptions {
  return {
    name: `${kind} ${id}`,
    failed: (error, points) => refusal('failed_points', `${id} has failed at a batch: ${String(error)}`, points),
  };
}

/** An exporter with a queue counts by itself, but for what it fails at. */
function enqueuing(consume: Consume, counts: ExporterTally, options: AttemptOptions): Consume {
  return attempting(consume, {
    ...options,
    failed(error, points) {
      counts.enqueueFailed += points;
      options.failed(error, points);
    },
  });
}

function partsOf(kind: Kind, { id, factory, settings }: Checked, within = ''): Omit<NodeParts, 'make'> {
  const addresses = (factory.listens?.(settings) ?? []).map(({ address }) => address);
  return {
    kind,
    id,
    name: `${kind} ${id}${within}`,
    text: JSON.stringify([factory.type, factory.schema.print(settings, true)]),
    addresses,
    files: (factory.files?.(settings) ?? []).map((path) => resolve(path)),
  };
}

/** @param id of a processor: with its pipeline */
function givenOf(
  kind: Kind,
  id: string,
  { log, listening, fail, clock, limits, extensions }: BuildOptions,
): { given: Given; gone(): void } {
  const own = withFields(log, { 'otelcol.component.id': id, 'otelcol.component.kind': kind });
  const refusals = createRefusals(own);
  const extension = (name: string) => extensions.get(name);
  return { given: { id, log: own, refusal: refusals.add, listening, fail, clock, limits, extension }, gone: refusals.close };
}

/** Lets others find an extension: from its start where there is no former one, else once it takes that one's place. */
function atWork(id: string, component: Extension, gone: () => void, { extensions }: BuildOptions) {
  const inUse = () => void extensions.set(id, component);
  if (!extensions.has(id)) inUse();
  return {
    inUse,
    gone() {
      if (extensions.get(id) === component) extensions.delete(id);
      gone();
    },
  };
}

function countsIn(tally: ExporterTally): ExporterCounts {
  return {
    sent(points) {
      tally.sent += points;
    },
    failed(points) {
      tally.failed += points;
    },
    enqueueFailed(points) {
      tally.enqueueFailed += points;
    },
  };
}

function countsOf(id: string, tally: Tally) {
  return {
    accepted(transport: Transport, points: number) {
      tally.receiver(id, transport).accepted += points;
    },
    refused(transport: Transport, points: number) {
      tally.receiver(id, transport).refused += points;
    },
    failed(transport: Transport, points: number) {
      tally.receiver(id, transport).failed += points;
    },
  };
}

function used<K extends string>(pipelines: readonly { readonly [key in K]: readonly string[] }[], key: K): ReadonlySet<string> {
  return new Set(pipelines.flatMap((pipeline) => pipeline[key]));
}

function get<T>(all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id);
  if (found === undefined) throw new Error(`BUG: the configuration was checked, and ${id} is missing`);
  return found;
}
