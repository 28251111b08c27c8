export { createReceived, type Received } from './create-received.ts';
export type { ReceivedEvent } from './events.ts';
export type { ReceivedLimits } from './look-up.ts';
export type { SeriesNamesOptions } from './names/index.ts';
