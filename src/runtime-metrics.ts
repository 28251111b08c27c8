/** `meterbridge/runtime-metrics`: event loop, garbage collection, memory and CPU of the process, on a bridge. */
import './core/node/supported.ts';

export { type RuntimeMetricsOptions, runtimeMetrics } from './library/runtime-metrics/runtime-metrics.ts';
