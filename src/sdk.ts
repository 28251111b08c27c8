/** `meterbridge/sdk`: the engine on the OpenTelemetry SDK, a separate entry point because its packages load slowly. */
import './node/supported.ts';

export type { EngineChoice } from './recording/engine.ts';
export { sdkEngine } from './recording/sdk-engine/sdk-engine-choice.ts';
