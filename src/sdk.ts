/** The engine over the OpenTelemetry SDK, apart from the main entry point because its packages take long to load. */
export type { EngineChoice } from './recording/engine.ts';
export { sdkEngine } from './recording/sdk-engine/sdk-engine-choice.ts';
