/** Lets a bridge use the OpenTelemetry SDK as its engine. */
import { publicFunctions } from '../../../core/errors/caller.ts';
import type { EngineChoice } from '../engine.ts';
import { checkSdkPackages } from './packages.ts';
import { createSdkEngine } from './sdk-engine.ts';

/**
 * Records through `@opentelemetry/sdk-metrics` instead of Meterbridge's own engine. Much slower; the reference for what
 * Meterbridge exposes.
 * @throws DEPENDENCY_MISSING if the SDK's packages, which are optional dependencies, were left out of the install
 */
export function sdkEngine(): EngineChoice {
  checkSdkPackages();
  return Object.freeze({ name: 'sdk', exporter: 'sdk', create: createSdkEngine });
}

publicFunctions(sdkEngine);
