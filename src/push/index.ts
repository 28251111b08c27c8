export { createProducer, type ProducerOptions } from './producer.ts';
export { type Push, type PushEvent, type PushStart, startPush } from './push.ts';
export { type PushContext, type PushOptions, type PushSettings, resolvePush } from './settings.ts';
