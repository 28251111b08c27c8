import type { Contract } from '../../src/core/contract/index.ts';
import type { ExpectedInstrument, ExpectedInstruments } from './debug-series.ts';

/** A row typed from a host's document. */
export type Documented = readonly [
  instrument: string,
  series: string,
  kind: ExpectedInstrument['kind'],
  unit: string,
  bounds?: readonly number[],
];

/**
 * What must arrive at a Collector. The texts for HELP are the contract's: only the host's own tests hold them to its document.
 */
export function expectedOf(contract: Contract, scope: string, documented: readonly Documented[]): ExpectedInstruments {
  const helpOf = new Map(Object.values(contract.metrics).map((metric) => [metric.instrument, metric.help]));
  return Object.fromEntries(
    documented.map(([instrument, series, kind, unit, bounds]) => [
      instrument,
      { scope, series, kind, unit, help: helpOf.get(instrument) ?? '', ...(bounds === undefined ? {} : { bounds }) },
    ]),
  );
}
