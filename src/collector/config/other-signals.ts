/** What `--metrics-only` leaves out of a file for all signals. */
import type { Service } from './service.ts';

/** Whether the id of a component stands in pipelines of metrics, or in the extensions. */
export type IsUsed = (id: string) => boolean;

/** `metrics`, `traces`, `logs` or `profiles`; undefined: no signal. */
export function signalOf(pipeline: string): string | undefined {
  const [signal = ''] = pipeline.split('/');
  return ['metrics', 'traces', 'logs', 'profiles'].find((known) => known === signal.trim());
}

export function usedByMetrics({ pipelines, extensions }: Service): IsUsed {
  const ofMetrics = [...pipelines].filter(([id]) => signalOf(id) === 'metrics').map(([, pipeline]) => pipeline);
  const used = [...extensions, ...ofMetrics.flatMap(({ receivers, processors, exporters }) => [...receivers, ...processors, ...exporters])];
  const ids = new Set(used.map(({ id }) => id));
  return (id) => ids.has(id);
}
