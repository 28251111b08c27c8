/** Which instruments a view selects (Metrics SDK, "Instrument selection criteria"): those that meet all its criteria. */
import type { Kind } from '../../../core/naming/kind.ts';
import type { Scope } from '../../../core/store/store.ts';
import { fitsPattern } from './name-pattern.ts';
import type { InstrumentType, ViewOptions } from './view-options.ts';

/** What the criteria look at. */
export interface Selectable {
  readonly name: string;
  readonly kind: Kind;
  readonly observed: boolean;
  readonly unit: string;
}

export const instrumentTypes = [
  'COUNTER',
  'GAUGE',
  'HISTOGRAM',
  'UP_DOWN_COUNTER',
  'OBSERVABLE_COUNTER',
  'OBSERVABLE_GAUGE',
  'OBSERVABLE_UP_DOWN_COUNTER',
] as const satisfies readonly InstrumentType[];

/** A meter without a version or a schema URL meets no criterion of one. */
export function selects(view: ViewOptions, { name: meterName, version, schemaUrl }: Scope, instrument: Selectable): boolean {
  const { instrumentName, instrumentType, instrumentUnit } = view;
  return (
    isUnder(view.meterName, meterName) &&
    isUnder(view.meterVersion, version) &&
    isUnder(view.meterSchemaUrl, schemaUrl) &&
    isUnder(instrumentUnit, instrument.unit) &&
    isUnder(instrumentType, instrumentTypeOf(instrument)) &&
    (instrumentName === undefined || fitsPattern(instrumentName, instrument.name))
  );
}

function isUnder(criterion: string | undefined, given: string | undefined): boolean {
  return criterion === undefined || criterion === given;
}

export function instrumentTypeOf({ kind, observed }: Pick<Selectable, 'kind' | 'observed'>): InstrumentType {
  switch (kind) {
    case 'counter':
      return observed ? 'OBSERVABLE_COUNTER' : 'COUNTER';
    case 'updowncounter':
      return observed ? 'OBSERVABLE_UP_DOWN_COUNTER' : 'UP_DOWN_COUNTER';
    case 'histogram':
    case 'summary':
      return 'HISTOGRAM';
    default:
      return observed ? 'OBSERVABLE_GAUGE' : 'GAUGE';
  }
}
