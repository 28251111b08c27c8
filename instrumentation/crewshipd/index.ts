/** crewshipd: its contract, a recorder for it, and its endpoint's configuration. */
export { crewshipd, default } from './contract.ts';
export { type CrewshipdMetrics, type CrewshipdMounting, mountCrewshipdMetrics, resolveCrewshipdMetrics } from './endpoint.ts';
export {
  type ContainerReading,
  type Counted,
  type CrewshipdProbes,
  crewshipdRecorder,
  type DatabaseReading,
  type ProcessReading,
  type ProviderReading,
} from './recorder.ts';
