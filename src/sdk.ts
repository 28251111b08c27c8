/** `meterbridge/sdk`: the engine on the OpenTelemetry SDK, a separate entry point because its packages load slowly. */
import './core/node/supported.ts';

export type { EngineChoice } from './library/recording/engine.ts';
export { sdkEngine } from './library/recording/sdk-engine/sdk-engine-choice.ts';
