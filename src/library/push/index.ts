export { type Push, startPush } from './push.ts';
export type { PushEvent, PushStart } from './pusher.ts';
export type { MetricProducer } from './sdk/metric-producer.ts';
export { createProducer, type ProducerOptions } from './sdk/producer.ts';
export { type PushContext, type PushOptions, type PushSettings, resolvePush } from './settings/settings.ts';
