/** What `--metrics-only` leaves out of a file for all signals. */
import type { CollectorKind } from './collector-components.ts';
import type { Service } from './service.ts';

/**
 * Which pipelines a component is in: one id may be a receiver of metrics and an exporter of traces. `none`: it is in no pipeline.
 */
export type UsedBy = (kind: CollectorKind, id: string) => 'metrics' | 'other signals' | 'none';

/** `metrics`, `traces`, `logs` or `profiles`; undefined: no signal. */
export function signalOf(pipeline: string): string | undefined {
  const [signal = ''] = pipeline.split('/');
  return ['metrics', 'traces', 'logs', 'profiles'].find((known) => known === signal.trim());
}

export function usageOf({ pipelines, extensions }: Service): UsedBy {
  const idsIn = (ofMetrics: boolean): Readonly<Record<CollectorKind, ReadonlySet<string>>> => {
    const all = [...pipelines].filter(([id]) => (signalOf(id) === 'metrics') === ofMetrics).map(([, pipeline]) => pipeline);
    const ids = (key: 'receivers' | 'processors' | 'exporters') => all.flatMap((pipeline) => pipeline[key].map(({ id }) => id));
    return {
      receiver: new Set(ids('receivers')),
      processor: new Set(ids('processors')),
      exporter: new Set(ids('exporters')),
      // It ends one pipeline and begins another.
      connector: new Set([...ids('receivers'), ...ids('exporters')]),
      // An extension is the whole service's.
      extension: new Set(ofMetrics ? extensions.map(({ id }) => id) : []),
    };
  };
  const [metrics, others] = [idsIn(true), idsIn(false)];
  return (kind, id) => {
    if (metrics[kind].has(id)) return 'metrics';
    return others[kind].has(id) ? 'other signals' : 'none';
  };
}
