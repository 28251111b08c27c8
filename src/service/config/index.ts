/** The configuration of the service: the Collector's file, read and checked. */

export { printYaml } from '../../core/config/print-yaml.ts';
export { addressesConflict } from './check/addresses-conflict.ts';
export { type ComponentRow, collectorReference, componentRows } from './component-rows.ts';
export type { CheckedComponent, CheckedConfig, ReadConfig, ReadOptions } from './config.ts';
export type { OwnResource } from './own-resource.ts';
export { printConfig, readConfig } from './read-config.ts';
export { type OwnPush, pushUrl } from './readers.ts';
export { ownMetricsAddress, ownMetricsPushes, type Telemetry, telemetry } from './service.ts';
