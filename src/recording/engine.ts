/** What stands between the recorder and the store: the engine's side of a recorded metric. */
import type { MeterProvider } from '@opentelemetry/api';
import type { Contract, Metric } from '../contract/metric.ts';
import type { Family } from '../store/store.ts';
import type { Admit } from './admit.ts';
import type { Series } from './series.ts';

/** A recorded metric of a contract, with its index and its place in the store. */
export interface Attached {
  readonly metric: Metric;
  readonly admit: Admit;
  readonly family: Family;
}

export type Write = (series: Series, value: number) => void;

export interface Engine {
  /** Makes the instruments of a contract; `writes` take what admit has let through, in the order of `recorded`. */
  attach(contract: Contract, recorded: readonly Attached[]): readonly Write[];
  /** Where instruments that no contract names are made. */
  readonly meterProvider: MeterProvider;
  /** Brings the store up to what was recorded. Failures are returned, never thrown. */
  collect(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}
