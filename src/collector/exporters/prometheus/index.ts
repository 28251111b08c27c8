import type { ExporterFactory } from '../../component.ts';
import { needsOf } from '../../guard/auth.ts';
import { type PrometheusSettings, prometheusSchema } from './config.ts';
import { createPrometheus } from './create.ts';

export const prometheusExporter: ExporterFactory<PrometheusSettings> = Object.freeze({
  kind: 'exporter',
  type: 'prometheus',
  schema: prometheusSchema,
  create: createPrometheus,
  listens: ({ endpoint }: PrometheusSettings) => [{ key: 'endpoint', address: endpoint }],
  needs: ({ auth }: PrometheusSettings) => needsOf(auth),
});
