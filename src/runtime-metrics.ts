/** `meterbridge/runtime-metrics`: event loop, garbage collection, memory and CPU of the process, on a bridge. */
import './node/supported.ts';

export { type RuntimeMetricsOptions, runtimeMetrics } from './runtime-metrics/runtime-metrics.ts';
