/** The components that there are. */
import type { Factory } from './component.ts';
import { debugExporter } from './exporters/debug/index.ts';
import { fileExporter } from './exporters/file/index.ts';
import { nopExporter } from './exporters/nop/index.ts';
import { otlpHttpExporter } from './exporters/otlp-http/index.ts';
import { prometheusExporter } from './exporters/prometheus/index.ts';
import { basicauthExtension } from './extensions/basicauth/index.ts';
import { bearertokenauthExtension } from './extensions/bearertokenauth/index.ts';
import { fileStorageExtension } from './extensions/file-storage/index.ts';
import { healthCheckExtension } from './extensions/health-check/index.ts';
import { zpagesExtension } from './extensions/zpages/index.ts';
import { attributesProcessor } from './processors/attributes/index.ts';
import { batchProcessor } from './processors/batch/index.ts';
import { filterProcessor } from './processors/filter/index.ts';
import { memoryLimiterProcessor } from './processors/memory-limiter/index.ts';
import { resourceProcessor } from './processors/resource/index.ts';
import { otlpReceiver } from './receivers/otlp/index.ts';

export const components: readonly Factory[] = Object.freeze([
  otlpReceiver,
  attributesProcessor,
  batchProcessor,
  filterProcessor,
  memoryLimiterProcessor,
  resourceProcessor,
  debugExporter,
  fileExporter,
  nopExporter,
  otlpHttpExporter,
  prometheusExporter,
  basicauthExtension,
  bearertokenauthExtension,
  fileStorageExtension,
  healthCheckExtension,
  zpagesExtension,
]);
