export { createProducer, type ProducerOptions } from './producer.ts';
export { type Push, startPush } from './push.ts';
export type { PushEvent, PushStart } from './pusher.ts';
export { type PushContext, type PushOptions, type PushSettings, resolvePush } from './settings.ts';
