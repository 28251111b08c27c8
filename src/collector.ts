/**
 * `meterbridge/collector`: the Collector-compatible service in a program of yours, and all that a component for it is made of.
 * Outside the stability promise of the main entry point.
 */
import './node/supported.ts';

export type {
  AuthRefusal,
  AuthRequest,
  Batching,
  ClientAuth,
  Component,
  Consume,
  Context,
  Exporter,
  ExporterContext,
  ExporterFactory,
  Extension,
  ExtensionContext,
  ExtensionFactory,
  Factory,
  Kind,
  Listens,
  Needs,
  NotTaken,
  Offer,
  ProcessorContext,
  ProcessorFactory,
  ReceiverContext,
  ReceiverFactory,
  Reloaded,
  SeriesState,
  ServerAuth,
  Transport,
  Verdict,
} from './collector/component.ts';
export type { Service } from './collector/graph/service.ts';
export type { Limits } from './collector/limits.ts';
export { batchOfJson } from './collector/plugin/batch-of-json.ts';
export { batchTree, type MetricTree, type ResourceTree, type ScopeTree } from './collector/plugin/batch-tree.ts';
export { polling } from './collector/plugin/polling.ts';
export { type QueuedClient, queued } from './collector/plugin/queued.ts';
export { type Gathered, gather, type TestComponentContext, testComponentContext } from './collector/plugin/test-kit.ts';
export { retryOnFailure, sendingQueue } from './collector/queue/config.ts';
export { storageNeedsOf } from './collector/queue/storage-of.ts';
export { type ServeOptions, serve } from './collector/serve.ts';
export type { Logger } from './collector/telemetry/logger.ts';
export {
  type Address,
  address,
  addressText,
  duration,
  flag,
  type Infer,
  list,
  map,
  notSupported,
  oneOf,
  optional,
  type Schema,
  secret,
  section,
  text,
  url,
  wholeNumber,
  withoutEffect,
} from './config/schema/index.ts';
export { type Batch, readBatch } from './otlp/batch/batch.ts';
export { copyBatch } from './otlp/batch/copy-batch.ts';
