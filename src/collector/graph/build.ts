/** From a checked configuration to components that are wired together. Opens nothing. */
import type { Writable } from 'node:stream';
import type { Consume, Exporter, Extension, Factory, Given, Kind, Limits } from '../component.ts';
import type { CheckedConfig } from '../config/index.ts';
import { withFields } from '../telemetry/create-logger.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createRefusals, type Refusals } from '../telemetry/refusals.ts';
import type { Tally } from '../telemetry/tally.ts';
import { counted, fanOut } from './fan-out.ts';

export interface BuildOptions {
  readonly log: Logger;
  readonly tally: Tally;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly clock: () => number;
  readonly limits: Limits;
  readonly listening: (where: string) => void;
  readonly fail: (error: Error) => void;
}

export interface Started {
  readonly kind: Kind;
  readonly id: string;
  readonly component: Extension;
}

export interface Graph {
  /** In the order in which they start: extensions, exporters, processors, receivers. */
  readonly components: readonly Started[];
  /** Says how many refusals there were of those kinds that have not ended. */
  closeRefusals(): void;
}

/** Components that no pipeline uses are not made. A processor is made once for each of its pipelines, every other component once. */
export function buildGraph(
  { receivers, processors, exporters, extensions, service }: CheckedConfig<Factory>,
  options: BuildOptions,
): Graph {
  const { tally, log, stdout, stderr } = options;
  const refusals: Refusals[] = [];
  const made: Record<Kind, Started[]> = { extension: [], exporter: [], processor: [], receiver: [] };

  function given(kind: Kind, id: string): Given {
    const own = withFields(log, { 'otelcol.component.id': id, 'otelcol.component.kind': kind });
    const refused = createRefusals(own);
    refusals.push(refused);
    const { listening, fail, clock, limits } = options;
    return { id, log: own, refusal: refused.add, listening, fail, clock, limits };
  }

  function keep<C extends Extension>(kind: Kind, id: string, component: C): C {
    made[kind].push({ kind, id, component });
    return component;
  }

  for (const id of service.extensions) {
    const { factory, settings } = get(extensions, id);
    keep('extension', id, factory.create(settings, given('extension', id)));
  }

  const sinks = new Map<string, Consume>();
  for (const id of used(service.pipelines, 'exporters')) {
    const { factory, settings } = get(exporters, id);
    const counts = tally.exporter(id);
    const own = given('exporter', id);
    const observed = (state: NonNullable<typeof counts.state>) => {
      counts.state = state;
    };
    const { consume } = keep('exporter', id, factory.create(settings, { ...own, stdout, stderr, observed }));
    sinks.set(
      id,
      counted(consume, counts, (error) => own.log.error(`an exporter has failed at a batch: ${String(error)}`)),
    );
  }

  const entries = service.pipelines.map(({ id: pipeline, receivers: from, processors: through, exporters: to }) => {
    const end = fanOut(to.map((id) => get(sinks, id)));
    const types = to.map((id) => get(exporters, id).factory.type);
    const entry = through.reduceRight<Consume>((next, id) => {
      const { factory, settings } = get(processors, id);
      const own = given('processor', `${id} (${pipeline})`);
      const processor: Exporter = factory.create(settings, { ...own, next, exporters: types });
      return keep('processor', id, processor).consume;
    }, end);
    return { from, entry };
  });

  for (const id of used(service.pipelines, 'receivers')) {
    const { factory, settings } = get(receivers, id);
    const next = fanOut(entries.filter(({ from }) => from.includes(id)).map(({ entry }) => entry));
    const component = factory.create(settings, {
      ...given('receiver', id),
      next,
      accepted(transport, points) {
        tally.receiver(id, transport).accepted += points;
      },
      refused(transport, points) {
        tally.receiver(id, transport).refused += points;
      },
      failed(transport, points) {
        tally.receiver(id, transport).failed += points;
      },
    });
    keep('receiver', id, component);
  }

  return Object.freeze({
    components: [...made.extension, ...made.exporter, ...made.processor, ...made.receiver],
    closeRefusals() {
      for (const refused of refusals) refused.close();
    },
  });
}

function used<K extends string>(pipelines: readonly { readonly [key in K]: readonly string[] }[], key: K): ReadonlySet<string> {
  return new Set(pipelines.flatMap((pipeline) => pipeline[key]));
}

function get<T>(all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id);
  if (found === undefined) throw new Error(`BUG: the configuration was checked, and ${id} is missing`);
  return found;
}
