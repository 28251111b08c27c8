/** From a case's contract to the real one. */
import {
  type Contract,
  capped,
  contract,
  counter,
  type Declared,
  gauge,
  histogram,
  identity,
  info,
  type Label,
  oneOf,
  summary,
  upDownCounter,
} from '../../src/core/contract/index.ts';
import type { ContractSpec, LabelSpec, MetricSpec } from './case.ts';

const builders = { counter, updowncounter: upDownCounter, gauge, histogram, summary, info } as const;

/** The name of the contract, its scope and the prefix of its series. */
export const contractName = 'app';

export function buildContract({ metrics, constantLabels, maxAgeMs }: ContractSpec): Contract {
  const declared = Object.entries(metrics).map(([key, spec]): [string, Declared] => [key, declare(key, spec)]);
  return contract(contractName, Object.fromEntries(declared), { constantLabels, maxAgeMs });
}

function declare(
  key: string,
  { kind, observed, unit, labels, bounds, exponential, minMax, zeroFilled, omitEmpty, exemplars = false }: MetricSpec,
): Declared {
  const declaration = {
    help: `Help of ${key}.`,
    unit,
    observed,
    omitEmpty,
    labels: Object.fromEntries(labels.map((label) => [label.name, labelOf(label)])),
    ...(zeroFilled === undefined ? {} : { zeroFilled }),
    exemplars: exemplars && !observed && (kind === 'counter' || kind === 'histogram'),
    ...(kind === 'histogram' ? { ...(exponential === undefined ? { bounds } : { exponential }), minMax: minMax ?? false } : {}),
  };
  return builders[kind](declaration) as Declared;
}

function labelOf(spec: LabelSpec): Label {
  if ('closed' in spec) return oneOf(...spec.closed);
  return 'capped' in spec ? capped({ limit: spec.capped }) : identity({ limit: spec.identity });
}
