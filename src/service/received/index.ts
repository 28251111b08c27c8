export { createReceived, defaultReceivedLimits, type Received, type ReceivedOptions } from './create-received.ts';
export type { ReceivedEvent } from './events.ts';
export type { StatePart } from './kept/state-part.ts';
export type { SeriesNamesOptions } from './names/index.ts';
export { refusalClause } from './point-refusals.ts';
export type { ReceivedLimits } from './streams/look-up.ts';
