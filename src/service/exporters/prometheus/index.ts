import { needsOf } from '../../guard/auth.ts';
import type { KeepingFactory } from '../../keep/open-keep.ts';
import { type PrometheusSettings, prometheusSchema } from './config.ts';
import { createPrometheus } from './create.ts';

export const prometheusExporter: KeepingFactory<PrometheusSettings> = Object.freeze({
  kind: 'exporter',
  type: 'prometheus',
  schema: prometheusSchema,
  keeps: true,
  takesUnbatched: true,
  create: createPrometheus,
  listens: ({ endpoint }: PrometheusSettings) => [{ key: 'endpoint', address: endpoint }],
  needs: ({ auth }: PrometheusSettings) => needsOf(auth),
});
