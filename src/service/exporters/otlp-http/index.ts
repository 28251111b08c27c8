import type { ExporterFactory } from '../../component.ts';
import { clientNeedsOf } from '../../guard/auth.ts';
import { storageNeedsOf } from '../../queue/storage-of.ts';
import { type OtlpHttpSettings, otlpHttpSchema } from './config.ts';
import { createOtlpHttp } from './create.ts';

/** Sends OTLP on over HTTP. */
export const otlpHttpExporter: ExporterFactory<OtlpHttpSettings> = Object.freeze({
  kind: 'exporter',
  type: 'otlp_http',
  schema: otlpHttpSchema,
  create: createOtlpHttp,
  needs: (settings: OtlpHttpSettings) => [...clientNeedsOf(settings.auth), ...storageNeedsOf(settings)],
});
