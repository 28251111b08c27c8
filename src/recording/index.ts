export type { AdmitEvent, OnAdmit } from './admit-event.ts';
export type { Engine } from './engine.ts';
export { type CollectEvent, type ObserveGroup, runGroup } from './observe-group.ts';
export { observeTogether } from './observed-recorder.ts';
export { createMeterProvider } from './otel-api.ts';
export type * from './recorder-types.ts';
export { type Registered, registerContract } from './register.ts';
export { createSdkEngine } from './sdk-engine.ts';
