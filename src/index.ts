/** `meterbridge`: the main entry point. */
import './node/supported.ts';

export { type Bridge, meterbridge } from './bridge/bridge.ts';
export type { BridgeListenOptions } from './bridge/listeners.ts';
export type { BridgeOptions, KeptProcesses, ScrapeOptions } from './bridge/options.ts';
export * from './contract/index.ts';
export type { ErrorCode } from './errors/catalogue.ts';
export { MeterbridgeError, type Problem } from './errors/error.ts';
export type { ParsedFamily as GatheredFamily, ParsedSample as GatheredSample } from './exposition/index.ts';
export type { BodyResult, ReadBody } from './http/body.ts';
export type { Handler, Reply, RequestFacts } from './http/exchange.ts';
export { fetchHandler } from './http/fetch.ts';
export { nodeListener } from './http/node-http.ts';
export type { Listener, ListenOptions } from './pull/index.ts';
export type { PushOptions } from './push/index.ts';
export type {
  AttributeKeys,
  CounterRecorder,
  GaugeRecorder,
  HistogramRecorder,
  InfoRecorder,
  InstrumentType,
  ObservedRecorder,
  RecorderFor as Recorder,
  ViewAggregation,
  ViewOptions,
} from './recording/index.ts';
