export type { AdmitEvent, OnAdmit } from '../series/refusals.ts';
export type { Engine, EngineChoice } from './engine.ts';
export { type CollectEvent, type ObserveGroup, type RunOptions, runGroup } from './observed/observe-group.ts';
export { observeTogether } from './observed/observed-recorder.ts';
export { createMeterProvider } from './otel-api/meter-provider.ts';
export type * from './recorder-types.ts';
export { familySpec, type Registered, registerContract } from './register.ts';
export { createStoreEngine } from './store-engine/store-engine.ts';
