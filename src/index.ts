/** `meterbridge`: the main entry point. */
import './core/node/supported.ts';

export * from './core/contract/index.ts';
export type { ErrorCode } from './core/errors/catalogue.ts';
export { MeterbridgeError, type Problem } from './core/errors/error.ts';
export type { ParsedFamily as GatheredFamily, ParsedSample as GatheredSample } from './formats/exposition/index.ts';
export { type Bridge, meterbridge } from './library/bridge/bridge.ts';
export type { BridgeListenOptions } from './library/bridge/listeners.ts';
export type { BridgeOptions, KeptProcesses, ScrapeOptions } from './library/bridge/options.ts';
export type { PushOptions } from './library/push/index.ts';
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
} from './library/recording/index.ts';
export type { BodyResult, ReadBody } from './net/http/body.ts';
export type { Handler, Reply, RequestFacts } from './net/http/exchange.ts';
export { fetchHandler } from './net/http/fetch.ts';
export { nodeListener } from './net/http/node-http.ts';
export type { Listener, ListenOptions } from './net/pull/index.ts';
