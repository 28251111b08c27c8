/** The OpenTelemetry SDK as a bridge's engine. */
import type { EngineChoice } from '../engine.ts';
import { createSdkEngine } from './sdk-engine.ts';

/** Records through `@opentelemetry/sdk-metrics` instead of Meterbridge's own engine: slower by far, and the reference for what is exposed. */
export function sdkEngine(): EngineChoice {
  return Object.freeze({ name: 'sdk', exporter: 'sdk', create: createSdkEngine });
}
