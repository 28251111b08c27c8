/**
 * `meterbridge/collector`: the Collector-compatible service in a program of yours, and all that a component for it is made of.
 * Outside the stability promise of the main entry point.
 */
import './core/node/supported.ts';

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
} from './core/config/schema/index.ts';
export { type Batch, readBatch } from './formats/otlp/batch/batch.ts';
export { copyBatch } from './formats/otlp/batch/copy-batch.ts';
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
} from './service/component.ts';
export type { Service } from './service/graph/service.ts';
export type { Limits } from './service/limits.ts';
export { batchOfJson } from './service/plugin/batch-of-json.ts';
export { batchTree, type MetricTree, type ResourceTree, type ScopeTree } from './service/plugin/batch-tree.ts';
export { polling } from './service/plugin/polling.ts';
export { type QueuedClient, queued } from './service/plugin/queued.ts';
export { type Gathered, gather, type TestComponentContext, testComponentContext } from './service/plugin/test-kit.ts';
export { retryOnFailure, sendingQueue } from './service/queue/config.ts';
export { storageNeedsOf } from './service/queue/storage-of.ts';
export { type ServeOptions, serve } from './service/serve.ts';
export type { Logger } from './service/telemetry/logger.ts';
