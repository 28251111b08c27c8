/** RunWisp: its contract, a recorder for it, and its endpoint's configuration. */
export { default, runwisp, versions } from './contract.ts';
export { mountRunwispMetrics, type RunwispMetrics, type RunwispMounting, resolveRunwispMetrics } from './endpoint.ts';
export { type HostReading, type RunTotals, type RunwispProbes, runwispRecorder, type TaskReading } from './recorder.ts';
