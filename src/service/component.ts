/**
 * What a component of the Collector-compatible service is. A component is a folder `{config,create,index}.ts`: its schema, how it
 * is made, and its factory. Factories are values in a list (`components.ts`); nothing registers itself.
 */
import type { Writable } from 'node:stream';
import type { Address, Schema } from '../core/config/schema/index.ts';
import type { Batch } from '../formats/otlp/batch/batch.ts';
import type { ClientAuth, ServerAuth } from './authentication.ts';
import type { Limits } from './limits.ts';
import type { MemoryBudget } from './memory/budget.ts';
import type { Needs, Offer } from './needs.ts';
import type { OpenLog } from './storage/directory.ts';
import type { Logger } from './telemetry/logger.ts';

export type { AuthRefusal, AuthRequest, ClientAuth, ServerAuth } from './authentication.ts';
export type { Needs, Offer } from './needs.ts';

/** How many points of a batch were rejected, and why, for the sender's `partial_success`. */
export interface NotTaken {
  readonly points: number;
  /** A sentence without its full stop. */
  readonly why: string;
  /**
   * The reason is temporary, such as a full queue: the sender should send the whole batch again, even if other components have
   * accepted it.
   */
  readonly retryable?: boolean;
  /**
   * None of the batch was accepted, because of an error; the service sets this where a component throws. If no other component
   * has accepted it either, the sender should send it again (`retryable`), or never (`permanent`).
   */
  readonly error?: 'retryable' | 'permanent';
  /** At least one component has accepted the batch, so that it must not be sent again. Of a fan-out. */
  readonly partly?: true;
}

/** Undefined: all of the batch was accepted. */
export type Verdict = NotTaken | undefined;

/**
 * Takes a batch. The batch and its bytes belong to the caller again once the call has returned, also where the verdict comes
 * later: a component that needs them longer copies them. An error, thrown or rejected with, means that none of it was accepted,
 * and that it may be sent again; with `permanent: true` it is final. What a component gets as `next` never throws or rejects.
 */
export type Consume = (batch: Batch) => Verdict | Promise<Verdict>;

export interface Component {
  /** Resolves once it works; rejects with an error that names the address or the file. Called once. */
  start(): Promise<void>;
  /**
   * Responds to the requests under way, writes what is held, closes all that `start` opened; resolves when that is done. Called
   * once after `start`, also after a `start` that rejected.
   */
  shutdown(): Promise<void>;
  /**
   * Of a receiver: listens no longer, at once; what is under way goes on. Called ahead of `shutdown` where a reload has put
   * another one at its address, which then need not wait until that has resolved. Never throws.
   */
  leave?(): void;
}

/** An exporter or a processor. */
export interface Exporter extends Component {
  readonly consume: Consume;
  /**
   * Of an exporter: called instead of `shutdown` where a reload has replaced it by another one with the same id. Resolves with
   * what is not delivered yet, for that one's `takeOver`.
   */
  handOver?(): Promise<unknown>;
  /**
   * Receives what `handOver` of the same factory has resolved with. Called before `start` where that one had to leave an address
   * or a file first.
   */
  takeOver?(left: unknown): void;
}

/** Where components keep what they have accepted and not delivered. */
export interface Storage {
  /** Opens the log of a component, by its id. Rejects with what the directory does not allow. */
  open(component: string): Promise<OpenLog>;
}

/** An extension may follow what the service does, authenticate for other components, and store for them. */
export interface Extension extends Component {
  readonly serverAuth?: ServerAuth;
  readonly clientAuth?: ClientAuth;
  readonly storage?: Storage;
  /** Every component has started. */
  ready?(): void;
  /** The service begins to shut down: before any receiver is closed. */
  draining?(): void;
}

/** What every component gets when it is made. */
export interface Context {
  /** As in the file: `otlp`, `otlp/2`. */
  readonly id: string;
  /** Lines carry the component's id and kind. Never a body or a secret. */
  readonly log: Logger;
  /**
   * Counts a kind of rejection. Its first one is a warning; when there has been none for a minute, one more line says how many
   * there were.
   * @param kind from a fixed set of words, e.g. `too_large`; text from outside belongs in the message
   */
  refusal(kind: string, message: string, times?: number): void;
  /**
   * Adds to the line that names all listeners, e.g. `http://127.0.0.1:4318/v1/metrics`. Call it from `start`, with the port that
   * was bound.
   */
  listening(where: string): void;
  /** The component works no longer, e.g. its listener has failed: the service shuts down and ends with exit code 1. */
  fail(error: Error): void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly limits: Limits;
  /** What all components hold of what senders sent, against `limits.maxMemory`. */
  readonly memory: MemoryBudget;
  /** An extension that works now. Ask at each use: a reload may replace it. Absent: there is none. */
  extension?(id: string): Extension | undefined;
  /**
   * An extension of the configuration that the component is made for, which has started. Ask at the start. Absent: there is none.
   */
  configured?(id: string): Extension | undefined;
}

/** How points came; `other` for whatever is no request. */
export type Transport = 'http' | 'grpc' | 'other';

export interface ReceiverContext extends Context {
  /** The pipelines that the receiver feeds. */
  readonly next: Consume;
  /** For `otelcol_receiver_accepted_metric_points`: points that the pipelines took. */
  accepted(transport: Transport, points: number): void;
  /** For `otelcol_receiver_refused_metric_points`: points that are invalid, or that the pipelines rejected. */
  refused(transport: Transport, points: number): void;
  /** For `otelcol_receiver_failed_metric_points`: points lost because of an error within the service. */
  failed(transport: Transport, points: number): void;
}

export interface ProcessorContext extends Context {
  readonly next: Consume;
  /**
   * For `otelcol_processor_filter_datapoints_filtered`: how many points of a batch the processor drops by its rules; also where
   * that is 0.
   */
  filtered(points: number): void;
}

/**
 * What an exporter that keeps series shows of itself: `meterbridge_*`. Totals since the start, but for `series` and `families`.
 */
export interface SeriesState {
  readonly series: number;
  readonly families: number;
  /** Series that were silent for too long. */
  readonly expired: number;
  /** Cumulative streams that were reset. */
  readonly resets: number;
  /** Deltas that were added though they begin behind the end of the last one. Default: 0. */
  readonly gaps?: number;
  /** Series of deltas that expired, and go on with their next delta. Default: 0. */
  readonly silent?: number;
  /** Those of them that are forgotten for want of memory, and begin anew. Default: 0. */
  readonly forgotten?: number;
  /** Metrics that were not shown, or merged, because of another one with their name. */
  readonly conflicts: number;
  /**
   * Resources that expositions left out because they would be larger than `Limits.maxPageBytes`, each counted in each exposition.
   * Default: 0.
   */
  readonly omitted?: number;
  /** Labels that exemplars leave out, because all that one has may be 128 characters long. Default: 0. */
  readonly exemplarLabels?: number;
  /** Points that were rejected or are not exposed, by reason; reasons are from a fixed set, in `snake_case`. */
  readonly notTaken: ReadonlyMap<string, number>;
}

/** A queue in front of an exporter, in the unit of its sizer. */
export interface QueueState {
  readonly size: number;
  readonly capacity: number;
  /** Default: not known. */
  readonly unit?: 'requests' | 'items' | 'bytes';
  /**
   * When the oldest batch came that waits or is being sent, in milliseconds since 1970. Absent: there is none, or it is not
   * known.
   */
  readonly oldestAt?: number;
}

/** For an exporter that reports success before it has sent. Each is called with a number of points. */
export interface ExporterCounts {
  sent(points: number): void;
  /** Points that were accepted and are lost. */
  failed(points: number): void;
  /** Points for which the queue has no free capacity. */
  enqueueFailed(points: number): void;
}

/** How points are put together. */
export interface Batching {
  /** How long points wait for others, in milliseconds. 0: not at all. */
  readonly timeoutMs: number;
  /** Points from which on a request is sent. 0: at once. */
  readonly minPoints: number;
  /** Points of one request at most. 0: no limit. */
  readonly maxPoints: number;
}

export interface ExporterContext extends Context {
  /**
   * How requests are to be put together, where a processor does not because the exporter takes them as they come; `queued` does
   * it behind its queue. Absent: they are to be sent as they come.
   */
  readonly batching?: Batching;
  /** The process's own, for exporters that write there. */
  readonly stdout: Writable;
  readonly stderr: Writable;
  /**
   * Called at each scrape of the service's own metrics. `otelcol_exporter_*` needs nothing from an exporter that does not call
   * `queues`.
   */
  observed(read: () => SeriesState): void;
  /** The exporter counts itself, where otherwise the verdict of `consume` is counted. Called at most once, from `create`. */
  queues(read: () => QueueState): ExporterCounts;
}

/** What has come of a reload. */
export interface Reloaded {
  /**
   * `wrong`: the configuration breaks rules. `failed`: a component of it could not start. Either way the service goes on as it
   * was.
   */
  readonly outcome: 'done' | 'wrong' | 'failed';
  /** What has changed, or all that is wrong; one sentence each. */
  readonly lines: readonly string[];
}

export interface ExtensionContext extends Context {
  /**
   * Reads the configuration again and changes to it, behind a reload under way. Never rejects. Undefined: it cannot be read
   * again.
   */
  readonly reload: (() => Promise<Reloaded>) | undefined;
}

/** An address that a component will listen at. */
export interface Listens {
  /** The key within the component's settings: `protocols.http.endpoint`. */
  readonly key: string;
  readonly address: Address;
}

interface FactoryOf<Kind extends string, Settings, Takes, Makes> {
  readonly kind: Kind;
  /** `otlp`, `prometheus`. */
  readonly type: string;
  readonly schema: Schema<Settings>;
  /** Opens nothing: that is `start`. */
  create(settings: Settings, context: Takes): Makes;
  /** For the check that no two components listen at one address. Absent: it listens nowhere. */
  listens?(settings: Settings): readonly Listens[];
  /**
   * Paths of files that it writes and no other may write at a time: a reload ends the old component ahead of the start of the new
   * one. Absent: none.
   */
  files?(settings: Settings): readonly string[];
  /** The extensions that it names: each has to be in `service.extensions`, and offer what is needed. Absent: none. */
  needs?(settings: Settings): readonly Needs[];
  /** Of an extension: what it offers with these settings. Absent: nothing. */
  offers?(settings: Settings): readonly Offer[];
}

// `any`, because settings occur as a parameter and as a result: a list of factories has no common type but this.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any;

export type ReceiverFactory<Settings = Any> = FactoryOf<'receiver', Settings, ReceiverContext, Component>;

export interface ProcessorFactory<Settings = Any> extends FactoryOf<'processor', Settings, ProcessorContext, Exporter> {
  /**
   * Of a processor that holds points to put requests together, and does nothing else: how. Exporters that take requests as they
   * come get them past it. Absent: it holds nothing.
   */
  batches?(settings: Settings): Batching;
}

export interface ExporterFactory<Settings = Any> extends FactoryOf<'exporter', Settings, ExporterContext, Exporter> {
  /**
   * It takes requests as they come, also where a processor is to put them together: their size is no matter to it, or it keeps
   * them before `consume` resolves. Default: whether its `needs` name a storage.
   */
  readonly takesUnbatched?: boolean;
}

export type ExtensionFactory<Settings = Any> = FactoryOf<'extension', Settings, ExtensionContext, Extension>;

export type Factory = ReceiverFactory | ProcessorFactory | ExporterFactory | ExtensionFactory;

export type Kind = Factory['kind'];
