/** The configuration of the service: the Collector's file, read and checked. */

export { type ComponentRow, collectorReference, componentRows } from './component-rows.ts';
export type { CheckedConfig, ReadConfig, ReadOptions } from './config.ts';
export { readConfig } from './read-config.ts';
export type { Telemetry } from './service.ts';
