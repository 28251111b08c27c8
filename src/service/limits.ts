import { totalmem } from 'node:os';

const gib = 2 ** 30;

/** What `serve` holds its senders to; the Collector has no keys for it. */
export interface Limits {
  /** Series in one exporter. */
  readonly maxSeries: number;
  /** Series of one resource in one exporter. */
  readonly maxSeriesPerResource: number;
  /** Exposed names in one exporter. */
  readonly maxFamilies: number;
  /** Attributes of one point. */
  readonly maxAttributes: number;
  /** Length of one attribute's value, in bytes of UTF-8. */
  readonly maxValueBytes: number;
  /** Resources and scopes in one exporter, together. */
  readonly maxResources: number;
  /** Buckets of one point. */
  readonly maxBuckets: number;
  /** Bytes of one exposition of one exporter. */
  readonly maxPageBytes: number;
  /** Bytes that the service holds of what senders sent: series, resources, texts, bounds, bodies, batches and renderings. */
  readonly maxMemory: number;
  /** A full queue rejects at once, as in the Collector, instead of leaving out what newer points supersede. Default: false. */
  readonly noCompaction?: boolean;
  /** OpenMetrics pages have a line `_created` of each counter, histogram and summary whose start is known. Default: false. */
  readonly created?: boolean;
  /** Names of the service, beside the one in each `endpoint`, that requests over HTTP may be for. Default: none. */
  readonly allowedHosts?: readonly string[];
}

/** The service's default limits on what senders send. */
export const defaultLimits: Limits = Object.freeze({
  maxSeries: 1_000_000,
  maxSeriesPerResource: 200_000,
  maxFamilies: 20_000,
  maxAttributes: 128,
  maxValueBytes: 65_536,
  maxResources: 100_000,
  maxBuckets: 1_000,
  maxPageBytes: 64 * 2 ** 20,
  maxMemory: defaultMaxMemory(),
});

/**
 * Half of what the process's control group may use, else 1 GiB. Bytes.
 * @param group what the control group may use; 0, or more than the machine has: it has no limit
 */
export function defaultMaxMemory(group = process.constrainedMemory(), machine = totalmem()): number {
  return group > 0 && group < machine ? Math.floor(group / 2) : gib;
}
