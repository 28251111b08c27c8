/**
 * Where points are put together. A processor that does so holds them in memory, so that a sender's response would not mean that
 * they are on disk: exporters that take requests as they come get them past it, and may put them together themselves.
 */
import type { Batching } from '../component.ts';
import type { CheckedConfig, CheckedPipeline, Described } from './config.ts';

export interface BatchedPipeline {
  /** Processors that hold points to put them together. */
  readonly batching: readonly string[];
  /** Exporters that take requests as they come. */
  readonly direct: readonly string[];
  /** Those that take what the processors put together. */
  readonly others: readonly string[];
}

export function batchedPipeline<D extends Described>(
  { processors, exporters }: CheckedConfig<D>,
  { processors: through, exporters: to }: CheckedPipeline,
): BatchedPipeline {
  const isDirect = (id: string) => takesUnbatched(exporters.get(id));
  return {
    batching: through.filter((id) => batchingOf(processors.get(id)) !== undefined),
    direct: to.filter(isDirect),
    others: to.filter((id) => !isDirect(id)),
  };
}

/** What an exporter is to do itself, by the id of the processor that would have done it: in each pipeline the one next to it. */
export function batchingFor<D extends Described>(config: CheckedConfig<D>, exporter: string): ReadonlyMap<string, Batching> {
  const found = new Map<string, Batching>();
  for (const pipeline of config.service.pipelines) {
    const { batching, direct } = batchedPipeline(config, pipeline);
    const last = direct.includes(exporter) ? batching.at(-1) : undefined;
    const settings = last === undefined ? undefined : batchingOf(config.processors.get(last));
    if (last !== undefined && settings !== undefined) found.set(last, settings);
  }
  return found;
}

interface Checked {
  readonly factory: Described;
  readonly settings: unknown;
}

function batchingOf(processor: Checked | undefined): Batching | undefined {
  return processor?.factory.batches?.(processor.settings);
}

function takesUnbatched(exporter: Checked | undefined): boolean {
  if (exporter === undefined) return false;
  const { factory, settings } = exporter;
  return factory.takesUnbatched === true || factory.needs?.(settings).some(({ offer }) => offer === 'storage') === true;
}
