/** The configuration of the service: the Collector's file, read and checked. */

export { type ComponentRow, collectorReference, componentRows } from './component-rows.ts';
export type { CheckedComponent, CheckedConfig, CheckedPipeline, Described, ReadConfig, ReadOptions, Sources } from './config.ts';
export { readConfig } from './read-config.ts';
export type { Telemetry } from './service.ts';
