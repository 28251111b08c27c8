/** Lets a bridge use the OpenTelemetry SDK as its engine. */
import type { EngineChoice } from '../engine.ts';
import { createSdkEngine } from './sdk-engine.ts';

/** Records through `@opentelemetry/sdk-metrics` instead of Meterbridge's own engine. Much slower; the reference for what Meterbridge exposes. */
export function sdkEngine(): EngineChoice {
  return Object.freeze({ name: 'sdk', exporter: 'sdk', create: createSdkEngine });
}
