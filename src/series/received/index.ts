export { createReceived, defaultReceivedLimits, type Received, type ReceivedOptions } from './create-received.ts';
export type { ReceivedEvent, TellReceived } from './events.ts';
export type { ReceivedLimits } from './look-up.ts';
export type { NotTaken } from './refusal.ts';
export type {
  MetricHead,
  MetricType,
  NotShown,
  ReceivedGroup,
  Resolve,
  ResolvedMetric,
  ResolvedResource,
  ResolvedScope,
} from './resolve.ts';
export { type ReceivedTally, reasons } from './tally.ts';
