export type { AdmitEvent, OnAdmit } from './admit-event.ts';
export type { Engine, EngineChoice } from './engine.ts';
export { type CollectEvent, type ObserveGroup, runGroup } from './observe-group.ts';
export { observeTogether } from './observed-recorder.ts';
export { createMeterProvider } from './otel-api.ts';
export type * from './recorder-types.ts';
export { familySpec, type Registered, registerContract } from './register.ts';
export { createStoreEngine } from './store-engine/store-engine.ts';
