/** The configuration of the service: the Collector's file, read and checked. */

export { printYaml } from '../../config/print-yaml.ts';
export { addressesMeet } from './addresses-meet.ts';
export { type ComponentRow, collectorReference, componentRows } from './component-rows.ts';
export type { CheckedComponent, CheckedConfig, ReadConfig, ReadOptions } from './config.ts';
export { readConfig } from './read-config.ts';
export { ownMetricsAddress, type Telemetry } from './service.ts';
